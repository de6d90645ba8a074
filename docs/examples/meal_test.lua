-- agent test docs/examples/meal_test.lua

local agent = require "agent"

agent.test("takes any JSON object", function(t)
  local run = t:run("meal.lua", nil, { model = t.scripted { '```json\n{"name":"Cassoulet"}\n```' } })
  t:equal(run.output, { name = "Cassoulet" })
end)

agent.test("takes nothing but JSON", function(t)
  local run = t:run("meal.lua", nil, { model = t.scripted { "Cassoulet!", "Cassoulet!!" } })
  t:failed(run, "script", "JSON")
end)
