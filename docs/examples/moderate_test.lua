-- agent test docs/examples/moderate_test.lua

local agent = require "agent"

agent.test("shows what is flagged, by category", function(t)
  local run = t:run("moderate.lua", nil, {
    model = t.scripted {},
    fakes = { moderate = {
      ["I will find you and hurt you."] = { violence_and_threats = 0.91, hate_and_discrimination = 0.62, pii = 0.1 },
      ["*"] = { violence_and_threats = 0.01 },
    } },
  })
  t:equal(run.printed, "1\tok\n2\thate_and_discrimination 0.62, violence_and_threats 0.91\nconversation\tok\n")
end)

agent.test("judges the last message of a conversation", function(t)
  local run = t:run("moderate.lua", nil, {
    model = t.scripted {}, fakes = { moderate = { ["First make a loop."] = { selfharm = 1 }, ["*"] = {} } },
  })
  t:contains(run.printed, "conversation\tflagged\n")
  t:equal(#run.asked, 3)
end)
