-- A guardrail in Lua that reaches its time limit blocks: what cannot judge lets nothing pass.
local agent = require "agent"
return agent.new {
  model = "mistral-small-latest",
  guardrails = { output = { { name = "slow", timeout = 0.2, check = function() agent.sleep(30) return true end } } },
}
