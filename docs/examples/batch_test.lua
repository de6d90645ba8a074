-- agent test docs/examples/batch_test.lua

local agent = require "agent"

agent.test("gives the answers in the order of the cities", function(t)
  local run = t:run("batch.lua", nil, {
    args = { "Oslo", "Cairo", "Atlantis" }, model = t.scripted {},
    fakes = { batch = {
      ["One sentence about Oslo."] = "Oslo lies by the sea.",
      ["One sentence about Cairo."] = "Cairo lies by a river.",
      ["*"] = t.fails("invalid_request", "there is no such city"),
    } },
  })
  t:equal(run.output, { "Oslo lies by the sea.", "Cairo lies by a river.", "there is no such city" })
  t:contains(run.asked, { service = "batch", model = "mistral-small-latest", input = "One sentence about Cairo.", custom_id = "2" })
  t:contains(run.logs[1], { message = "SUCCESS", fields = { done = 3 } })
end)

agent.test("asks for a city", function(t)
  t:failed(t:run("batch.lua", nil, { model = t.scripted {} }), "script", "name a city or more")
end)
