local agent = require "agent"

local function load(t)
  local tools = t:load "../calculator.lua"
  return function(expression) return tools.calculator { expression = expression } end
end

agent.test("computes as arithmetic does", function(t)
  local calculate = load(t)
  local function equal(expression, expected) t:equal(t:require(calculate(expression)).result, expected, expression) end
  equal("1 + 2 * 3", 7)
  equal("(1 + 2) * 3", 9)
  equal("2 ^ 3 ^ 2", 512)
  equal("2 ** 3", 8)
  equal("-2 ^ 2", -4)
  equal("10 / 4", 2.5)
  equal("6 / 3", 2)
  equal("7 % 4", 3)
  equal("12.5 * 9 / 5 + 32", 54.5)
  equal("1e3 + .5", 1000.5)
  equal("sqrt(16) + abs(-2)", 6)
  equal("max(1, 2, 3) - min(4, 5)", -1)
  equal("round(2.5)", 3)
  equal("9007199254740993 + 0", 9007199254740993)
  equal("9223372036854775807 + 1", 2.0 ^ 63)
  equal("9223372036854775807 + 0", 9223372036854775807)
  equal("-9223372036854775807 - 2", -2.0 ^ 63)
  equal("99999999999 * 99999999999", 99999999999.0 * 99999999999.0)
  equal("3037000499 * 3037000499", 9223372030926249001)
  equal("round(9007199254740993)", 9007199254740993)
end)

agent.test("says what it cannot compute", function(t)
  local calculate = load(t)
  for _, expression in ipairs { "1 / 0", "1 % 0" } do
    t:equal(select(2, calculate(expression)), "division by zero", expression)
  end
  for _, wrong in ipairs { "1 +", "(1", "os.exit()", "1 2", "foo(1)", "sqrt()", "1e999", ("("):rep(200) .. "1" } do
    local none, reason = calculate(wrong)
    t:ok(none == nil and reason, wrong .. " must be refused")
  end
end)
