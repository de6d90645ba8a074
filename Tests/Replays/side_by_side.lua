-- Agents that run side by side: with --usd they take turns at one limit of money.
local agent = require "agent"
local note = agent.tool {
  name = "note", parameters = { text = agent.schema.string {} },
  run = function(args) agent.sleep(agent.random(1, 5) / 1000) return { noted = args.text, at = agent.random(1, 1000000) } end,
}
local a = agent.new { model = "mistral-small-latest", tools = { note } }
local order = {}
local replies, errors = agent.map({ "ada", "bob", "eve", "joe", "kim" }, { width = 3, errors = "collect" }, function(name)
  local reply, why = a:run("Say hello to " .. name)
  order[#order + 1] = name
  return { text = reply and reply.text, stopped = reply and reply.stopped, why = why }
end)
for place = 1, 5 do print(place, agent.json.encode(replies[place]), errors and errors[place]) end
print(table.concat(order, " "))
return "over"
