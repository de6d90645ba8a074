-- Lines of execution of one script that take turns: maps in maps, and tools that a model calls side by side. What they share shows
-- the order in which they went on.
local agent = require "agent"
local s = agent.schema
local seen = {}

local function step(name)
  seen[#seen + 1] = name
  agent.sleep(agent.random(0, 4) / 1000)
  seen[#seen + 1] = name .. "!"
  return #seen
end

local tools = {}
for _, name in ipairs { "red", "green", "blue" } do
  tools[#tools + 1] = agent.tool {
    name = name, parameters = { n = s.integer {} },
    run = function(args)
      for n = 1, args.n do step(name .. n) end
      return { count = #seen }
    end,
  }
end

local sums = agent.map({ 1, 2, 3, 4 }, { width = 4 }, function(outer)
  local parts = agent.map({ 1, 2, 3 }, { width = 2 }, function(inner) return step(outer .. "." .. inner) end)
  agent.fs.append("seen.txt", outer .. "\n")
  return parts
end)
local reply = assert(agent.new { model = "mistral-small-latest", tools = tools }:run(arg[1]))
print(agent.json.encode(sums))
print(table.concat(seen, " "))
print(agent.fs.read "seen.txt")
return reply.text
