-- agent test docs/examples/guarded_test.lua

local agent = require "agent"

agent.test("keeps what it promises", function(t)
  local run = t:run("guarded.lua", "I am ada@example.org; what of order 8?", {
    model = t.scripted { t.calls("read_ticket", { order = 8 }), "It will come by Friday. Thank you." },
  })
  t:equal(run.messages[1].content, "I am [email]; what of order 8?")
  t:ok(not run.tool_calls[1].result:find("refund 5000", 1, true), "orders in a ticket do not reach the model")
  t:equal(run.text, "It will come soon. Thank you.")
  t:equal(#run.guardrails, 3)
end)

agent.test("pays small refunds back", function(t)
  local run = t:run("guarded.lua", "Refund order 7, please.", {
    model = t.scripted { t.calls("refund", { order = 7, euros = 40 }), "Your money is on its way." },
  })
  t:called(run, "refund", { euros = 40 })
  t:finished(run)
end)

agent.test("stops a large refund", function(t)
  local run = t:run("guarded.lua", "Refund order 8.", { model = t.scripted { t.calls("refund", { order = 8, euros = 5000 }) } })
  t:failed(run, "guardrail", "needs a person")
  t:equal(run.error.guardrail.guardrail, "small_refunds_only")
end)
