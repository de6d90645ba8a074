-- agent test docs/examples/chat_test.lua

local agent = require "agent"

agent.test("remembers what was said", function(t)
  local run = t:run("chat.lua", nil, {
    args = { "demo" },
    model = t.scripted {
      "Hello Ada.",
      function(request)
        t:equal(#request.messages, 4)   -- the instructions, two turns of before, the question
        t:equal(request.messages[3].content, "Hello Ada.")
        return "Ada."
      end,
    },
  })
  t:equal(run.printed, "> My name is Ada.\nHello Ada.\n> What is my name?\nAda.\n")
end)

agent.test("knows the time", { fakes = { now = 1783000000 } }, function(t)
  local run = t:run("chat.lua", "What day is it?", { model = t.scripted { t.calls("clock", {}), "Thursday." } })
  t:equal(run.tool_calls[1].result.weekday, "Thursday")
end)
