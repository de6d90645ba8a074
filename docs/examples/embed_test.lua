-- agent test docs/examples/embed_test.lua

local agent = require "agent"

local vectors = { ["*"] = { 0, 0, 1 }, ["Refunds are paid within two weeks."] = { 1, 0, 0 }, ["How do I get my money back?"] = { 0.8, 0.6, 0 } }

agent.test("counts vectors and what they cost", function(t)
  local run = t:run("embed.lua", nil, { model = t.scripted {}, fakes = { embed = vectors } })
  t:equal(run.output, { texts = 3, numbers = 3, tokens = 3 })
  t:equal(run.asked[2], { service = "embed", model = "mistral-embed", input = "The office is closed on Sundays." })
end)

agent.test("finds the text that is nearest to a question", function(t)
  local run = t:run("embed.lua", nil, {
    args = { "How do I get my money back?" }, model = t.scripted {}, fakes = { embed = vectors },
  })
  t:equal(run.text, "0.80  Refunds are paid within two weeks.")
end)

agent.test("says what the provider says when it fails", function(t)
  local run = t:run("embed.lua", nil, {
    model = t.scripted {}, fakes = { embed = { ["*"] = t.fails("rate_limited", "slow down") } },
  })
  t:failed(run, "script", "slow down")
end)
