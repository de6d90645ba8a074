-- Runs of agents out of their seconds, one after the other.
local agent = require "agent"
local wait = agent.tool { name = "wait", run = function() agent.sleep(30) return "waited" end }
local a = agent.new { model = "mistral-small-latest", tools = { wait }, limits = { seconds = 0.3 } }
for n = 1, 2 do
  local reply, why = a:run("Wait " .. n)
  print(n, reply and reply.stopped, why)
end
return "over"
