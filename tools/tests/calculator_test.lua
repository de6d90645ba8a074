local calculator = ...

local function result(expression) return assert(calculator { expression = expression }).result end
local function reason(expression) return select(2, calculator { expression = expression }) end
local function equal(found, expected)
  if found ~= expected or math.type(found) ~= math.type(expected) then
    error(("expected %s, found %s"):format(expected, found), 2)
  end
end

equal(result "1 + 2 * 3", 7)
equal(result "(1 + 2) * 3", 9)
equal(result "2 ^ 3 ^ 2", 512)
equal(result "2 ** 3", 8)
equal(result "-2 ^ 2", -4)
equal(result "10 / 4", 2.5)
equal(result "6 / 3", 2)
equal(result "7 % 4", 3)
equal(result "12.5 * 9 / 5 + 32", 54.5)
equal(result "1e3 + .5", 1000.5)
equal(result "sqrt(16) + abs(-2)", 6)
equal(result "max(1, 2, 3) - min(4, 5)", -1)
equal(result "round(2.5)", 3)
equal(result "9007199254740993 + 0", 9007199254740993)
equal(result "9223372036854775807 + 1", 2.0 ^ 63)
equal(result "9223372036854775807 + 0", 9223372036854775807)
equal(result "-9223372036854775807 - 2", -2.0 ^ 63)
equal(result "99999999999 * 99999999999", 99999999999.0 * 99999999999.0)
equal(result "3037000499 * 3037000499", 9223372030926249001)
equal(result "round(9007199254740993)", 9007199254740993)
equal(reason "1 / 0", "division by zero")
equal(reason "1 % 0", "division by zero")
for _, wrong in ipairs { "1 +", "(1", "os.exit()", "1 2", "foo(1)", "sqrt()", "1e999", ("("):rep(200) .. "1" } do
  assert(reason(wrong), wrong .. " must be refused")
end
