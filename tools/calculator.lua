-- Arithmetic without a model's mistakes: an expression parser of its own, no code is run.

local agent = require "agent"
local s = agent.schema

-- Integers are exact up to 64 bits; a result that does not fit is a float instead of wrapping around.
local function add(a, b)
  local sum = a + b
  local wrapped = math.type(sum) == "integer" and (a ~ sum) & (b ~ sum) < 0
  return wrapped and 0.0 + a + b or sum
end
local function subtract(a, b)
  local difference = a - b
  local wrapped = math.type(difference) == "integer" and (a ~ b) & (a ~ difference) < 0
  return wrapped and 0.0 + a - b or difference
end
local function multiply(a, b)
  local product, float = a * b, 1.0 * a * b
  return math.type(product) == "integer" and math.abs(float) >= 2 ^ 63 and float or product
end

local functions = {
  abs = math.abs, ceil = math.ceil, floor = math.floor, sqrt = math.sqrt, exp = math.exp, sin = math.sin, cos = math.cos,
  tan = math.tan, log = math.log, min = math.min, max = math.max,
  round = function(x) return math.type(x) == "integer" and x or math.floor(x + 0.5) end,
}
local constants = { pi = math.pi, e = math.exp(1) }

local Parser = {}
Parser.__index = Parser

local function fail(text, at, expected)
  error({ reason = ("at position %d of %q: expected %s"):format(at, text, expected) }, 0)
end

function Parser:peek(pattern)
  self.at = self.text:find("%S", self.at) or #self.text + 1
  return self.text:match("^" .. pattern, self.at)
end

function Parser:take(pattern)
  local found = self:peek(pattern)
  if found then self.at = self.at + #found end
  return found
end

function Parser:arguments()
  local values = {}
  if self:take("%)") then return values end
  repeat values[#values + 1] = self:sum() until not self:take(",")
  if not self:take("%)") then fail(self.text, self.at, "')'") end
  return values
end

function Parser:atom()
  local number = self:take("%d+%.?%d*[eE][+-]?%d+") or self:take("%d+%.?%d*") or self:take("%.%d+")
  if number then return tonumber(number) end
  local name = self:take("%a[%w_]*")
  if name then
    local f = functions[name:lower()]
    if f and self:take("%(") then
      local values = self:arguments()
      if #values == 0 then fail(self.text, self.at, "an argument of " .. name) end
      return f(table.unpack(values))
    end
    if constants[name:lower()] then return constants[name:lower()] end
    fail(self.text, self.at - #name, "a number or a function, found '" .. name .. "'")
  end
  if self:take("%(") then
    local value = self:sum()
    if not self:take("%)") then fail(self.text, self.at, "')'") end
    return value
  end
  fail(self.text, self.at, "a number, a function or '('")
end

function Parser:power()
  local base = self:atom()
  if self:take("%^") or self:take("%*%*") then return base ^ self:unary() end
  return base
end

function Parser:unary()
  if self:take("%-") then return -self:unary() end
  if self:take("%+") then return self:unary() end
  return self:power()
end

function Parser:product()
  local value = self:unary()
  while true do
    if self:peek("%*%*") then return value end
    if self:take("%*") then value = multiply(value, self:unary())
    elseif self:take("/") then
      local divisor = self:unary()
      if divisor == 0 then error({ reason = "division by zero" }, 0) end
      value = value / divisor
    elseif self:take("%%") then
      local divisor = self:unary()
      if divisor == 0 then error({ reason = "division by zero" }, 0) end
      value = value % divisor
    else return value end
  end
end

function Parser:sum()
  self.depth = self.depth + 1
  if self.depth > 50 then error({ reason = "the expression is nested too deeply (50 levels)" }, 0) end
  local value = self:product()
  while true do
    if self:take("%+") then value = add(value, self:product())
    elseif self:take("%-") then value = subtract(value, self:product())
    else
      self.depth = self.depth - 1
      return value
    end
  end
end

local function calculate(expression)
  local parser = setmetatable({ text = expression, at = 1, depth = 0 }, Parser)
  local value = parser:sum()
  if parser:peek(".") then fail(expression, parser.at, "an operator or the end") end
  if value ~= value or value == math.huge or value == -math.huge then error({ reason = "the result is not a finite number" }, 0) end
  -- 6 / 2 is 3, not 3.0, for a reader; beyond 2^53 a float is not exact, so it stays one.
  local whole = math.type(value) == "float" and math.abs(value) < 2 ^ 53 and math.tointeger(value)
  return whole or value
end

return agent.tool {
  name = "calculator",
  description = "Computes an arithmetic expression, e.g. (3 + 4) * 2 ^ 0.5. Knows + - * / % ^, sqrt, abs, round, floor, "
    .. "ceil, min, max, exp, log, sin, cos, tan, pi.",
  parameters = {
    expression = s.string { description = "The expression, numbers only, e.g. 12.5 * 9 / 5 + 32", min_length = 1, max_length = 1000 },
  },
  effect = "read",
  run = function(args)
    local ok, result = pcall(calculate, args.expression)
    if ok then return { result = result } end
    if type(result) == "table" then return nil, result.reason end
    error(result, 0)
  end,
}
