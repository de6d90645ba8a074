-- Guardrails: what a script says of them becomes plain data. Its functions stay in Lua; Swift knows them by number.

local _, bridge = ...
local array, misuse = bridge.array, bridge.raise
local guardrails, functions = {}, {}
local stages = { "input", "output", "tool_call", "tool_result" }

local function copy(from)
  local to = {}
  for key, value in pairs(from) do to[key] = value end
  return to
end

local function keep(f)
  functions[#functions + 1] = f
  return #functions
end

local function rule(value, place)
  if type(value) == "function" then return { type = "function", id = keep(value) } end
  if type(value) == "string" then return { type = value } end
  if type(value) ~= "table" then
    misuse(place .. ": expected a name, a table or a function, found " .. type(value))
  end
  local wire = copy(value)
  if value.schema then wire.schema = bridge.require("agent.schema").document(value.schema, place .. ".schema") end
  if value.check == nil then return wire end
  if type(value.check) ~= "function" then
    misuse(place .. ".check: expected a function, found " .. type(value.check))
  end
  if value.type ~= nil then misuse(place .. ": type and check exclude each other") end
  wire.check, wire.type, wire.id = nil, "function", keep(value.check)
  return wire
end

-- A variable that is misspelt is nil: a rule that is missing must not go unnoticed.
local function rules(value, place)
  if type(value) ~= "table" or value.type or value.check then value = { value } end
  local list, count = array {}, 0
  for _ in pairs(value) do count = count + 1 end
  for i, item in ipairs(value) do list[i] = rule(item, place .. "[" .. i .. "]") end
  if count ~= #list then misuse(place .. ": expected a list without gaps; is a name misspelt?") end
  return list
end

-- A list is what the Mistral API is to judge by; it is left as it is.
local function document(spec, place)
  if type(spec) ~= "table" then misuse(place .. ": expected a table, found " .. type(spec)) end
  local wire = copy(spec)
  for _, stage in ipairs(stages) do
    if spec[stage] ~= nil then wire[stage] = rules(spec[stage], place .. "." .. stage) end
  end
  return wire
end

-- A policy file ends with `return agent.guardrails { … }`.
function guardrails.guardrails(spec) return document(spec, "agent.guardrails") end

local entries = {}

-- `true` passes, a string replaces, `nil, reason` blocks; a table says more.
function entries.call_guardrail(id, text, context)
  local verdict, reason = functions[id](text, context)
  if verdict == true then return { action = "pass" } end
  if type(verdict) == "string" then return { action = "replace", text = verdict, reason = reason } end
  if type(verdict) == "table" then return verdict end
  if not verdict and type(reason) == "string" then return { action = "block", reason = reason } end
  error("a guardrail must return true, a text, a table, or nil and a reason; it returned " .. type(verdict)
    .. (reason == nil and "" or " and " .. type(reason)), 0)
end

guardrails.guardrails_document = document
return guardrails, entries
