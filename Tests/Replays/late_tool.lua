-- Tools that reach their time limit while they wait and while they compute, beside one that does not.
local agent = require "agent"
local s = agent.schema

local wait = agent.tool {
  name = "wait", timeout = 0.2, parameters = { seconds = s.number { min = 0 } },
  run = function(args)
    for step = 1, 100 do agent.sleep(args.seconds / 100) end
    return "waited"
  end,
}

local compute = agent.tool {
  name = "compute", timeout = 0.2, parameters = { rounds = s.integer { min = 1 } },
  run = function(args)
    local sum = 0
    for n = 1, args.rounds do sum = sum + n % 7 end
    return { sum = sum }
  end,
}

local a = agent.new { model = "mistral-small-latest", tools = { wait, compute } }
local reply = assert(a:run(arg[1]))
for _, call in ipairs(reply.tool_calls) do print(call.name, call.error or agent.json.encode(call.result)) end
return reply.text
