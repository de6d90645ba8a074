-- agent test docs/examples/transcribe_test.lua

local agent = require "agent"

local said = { ["https://docs.mistral.ai/audio/obama.mp3"] = { "This ", "week." } }

agent.test("writes down what is said", function(t)
  local run = t:run("transcribe.lua", nil, { model = t.scripted {}, fakes = { transcribe = said } })
  t:equal(run.output, "This week.")
  t:equal(run.logs, agent.json.array {})
end)

agent.test("shows the pieces while they come", function(t)
  local run = t:run("transcribe.lua", nil, {
    args = { "https://docs.mistral.ai/audio/obama.mp3", "live" }, model = t.scripted {}, fakes = { transcribe = said },
  })
  t:equal(run.output, "This week.")
  t:equal({ run.logs[1].message, run.logs[2].message }, { "This ", "week." })
end)

agent.test("says what the provider says when it fails", function(t)
  local run = t:run("transcribe.lua", nil, { model = t.scripted {}, fakes = { transcribe = { ["*"] = t.fails("invalid_request", "no sound") } } })
  t:failed(run, "script", "no sound")
end)
