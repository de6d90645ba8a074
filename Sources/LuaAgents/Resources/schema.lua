-- Schema constructors: small tables that stand for JSON Schemas.
-- A constructed schema has this metatable; `json` is its JSON Schema, `optional` says a field may be left out.

local _, bridge = ...
local array, misuse = bridge.array, bridge.raise

local Schema = { __name = "schema" }
Schema.__index = Schema

local function make(json) return setmetatable({ json = json }, Schema) end

local function is_schema(value) return getmetatable(value) == Schema end

-- Takes the options `allowed` (Lua name → JSON Schema keyword) out of `options` into `json`.
local function take(what, options, allowed, json)
  if options == nil then return json end
  if type(options) ~= "table" then misuse(what .. ": expected a table of options, found " .. type(options)) end
  for name, value in pairs(options) do
    local keyword = allowed[name]
    if not keyword then misuse(what .. ": unknown option '" .. tostring(name) .. "'") end
    json[keyword] = value
  end
  return json
end

local function with_common(extra)
  local allowed = { description = "description", default = "default", title = "title", examples = "examples" }
  for name, keyword in pairs(extra) do allowed[name] = keyword end
  return allowed
end

local options_of = {
  string = with_common { min_length = "minLength", max_length = "maxLength", pattern = "pattern", format = "format" },
  number = with_common {
    min = "minimum", max = "maximum", exclusive_min = "exclusiveMinimum", exclusive_max = "exclusiveMaximum",
    multiple_of = "multipleOf",
  },
  boolean = with_common {},
  array = with_common { min_items = "minItems", max_items = "maxItems", unique = "uniqueItems" },
  map = with_common { min_properties = "minProperties", max_properties = "maxProperties" },
}
options_of.integer = options_of.number

-- A plain JSON Schema with the constructed schemas inside it put in their JSON form; `value` itself stays as it is.
local function plain(value, what, depth)
  if is_schema(value) then return value.json end
  if type(value) ~= "table" then return value end
  if depth > 100 then misuse(what .. ": tables are nested more than 100 deep; does one contain itself?") end
  local copy = bridge.isarray(value) and array {} or {}
  for key, part in pairs(value) do copy[key] = plain(part, what, depth + 1) end
  return copy
end

-- The keywords of JSON Schema whose value is a schema.
local takes_schema = {
  items = true, additionalProperties = true, ["not"] = true, contains = true, propertyNames = true, ["if"] = true,
  ["then"] = true, ["else"] = true, unevaluatedItems = true, unevaluatedProperties = true,
}

-- The JSON Schema of a constructed schema, or of a plain JSON Schema.
local function to_json(value, what)
  if type(value) == "table" and not is_schema(value) then
    for key, part in pairs(value) do
      if is_schema(part) and not takes_schema[key] then
        misuse(what .. ": '" .. tostring(key) .. "' is no keyword of JSON Schema that takes a schema; "
          .. "for an object of fields write schema.object { … }")
      end
    end
  end
  if type(value) == "table" or type(value) == "boolean" then return plain(value, what, 0) end
  misuse(what .. ": expected a schema, found " .. type(value))
end

local function list_of(values, what)
  if type(values) ~= "table" then misuse(what .. ": expected a list, found " .. type(values)) end
  local list = {}
  for i = 1, #values do list[i] = values[i] end
  return array(list)
end

-- The positional values of `spec` and, apart from them, its named options.
local function split(spec)
  local options = {}
  for key, value in pairs(spec) do
    if math.type(key) ~= "integer" then options[key] = value end
  end
  return options
end

-- An object schema of fields; all are required unless optional or with a default.
local function fields(map, what)
  if type(map) ~= "table" then misuse(what .. ": expected a table of fields, found " .. type(map)) end
  local properties, required = {}, {}
  for name, field in pairs(map) do
    if type(name) ~= "string" then misuse(what .. ": field names are strings, found " .. type(name)) end
    local json = to_json(field, what .. ": field '" .. name .. "'")
    properties[name] = json
    local has_default = type(json) == "table" and json.default ~= nil
    if not (is_schema(field) and field.optional) and not has_default then required[#required + 1] = name end
  end
  table.sort(required)
  local json = { type = "object", properties = properties, additionalProperties = false }
  if #required > 0 then json.required = array(required) end
  return json
end

local schema = {}

for _, kind in ipairs { "string", "number", "integer", "boolean" } do
  schema[kind] = function(options)
    return make(take("schema." .. kind, options, options_of[kind], { type = kind }))
  end
end

function schema.enum(spec)
  local values = list_of(spec, "schema.enum")
  if #values == 0 then misuse("schema.enum: expected at least one value") end
  return make(take("schema.enum", split(spec), with_common {}, { enum = values }))
end

function schema.const(value) return make { const = value } end

function schema.array(item, options)
  local json = { type = "array", items = to_json(item, "schema.array") }
  return make(take("schema.array", options, options_of.array, json))
end

function schema.object(map, options)
  options = options or {}
  local json = fields(map or {}, "schema.object")
  local rest = {}
  for name, value in pairs(options) do
    if name == "additional" then
      if value == true then json.additionalProperties = nil else json.additionalProperties = to_json(value, "additional") end
    else
      rest[name] = value
    end
  end
  return make(take("schema.object", rest, with_common {}, json))
end

function schema.optional(inner)
  local copy = make(to_json(inner, "schema.optional"))
  copy.optional = true
  return copy
end

function schema.nullable(inner)
  return make { anyOf = array { to_json(inner, "schema.nullable"), { type = "null" } } }
end

function schema.any_of(list)
  local choices = list_of(list, "schema.any_of")
  for i, choice in ipairs(choices) do choices[i] = to_json(choice, "schema.any_of") end
  return make(take("schema.any_of", split(list), with_common {}, { anyOf = choices }))
end

function schema.map(value, options)
  local json = { type = "object", additionalProperties = to_json(value, "schema.map") }
  return make(take("schema.map", options, options_of.map, json))
end

-- Recursion: s.define names a schema, s.ref points at it; the definitions in use travel with the whole schema.
local definitions = {}

function schema.ref(name)
  if type(name) ~= "string" then misuse("schema.ref: expected a name, found " .. type(name)) end
  return make { ["$ref"] = "#/$defs/" .. name }
end

function schema.define(name, inner)
  if type(name) ~= "string" or not name:find("^[%w_-]+$") then misuse("schema.define: a name is letters, digits, '_' and '-'") end
  definitions[name] = to_json(inner, "schema.define")
  return schema.ref(name)
end

local function collect(json, used)
  if type(json) ~= "table" then return end
  local name = type(json["$ref"]) == "string" and json["$ref"]:match("^#/%$defs/([%w_-]+)$")
  if name and not used[name] and definitions[name] ~= nil then
    used[name] = definitions[name]
    collect(definitions[name], used)
  end
  for _, value in pairs(json) do collect(value, used) end
end

-- The whole JSON Schema of `value`: a constructed schema, a map of fields, or a plain JSON Schema.
local function document(value, what)
  local json
  if is_schema(value) then
    json = value.json
  else
    if type(value) ~= "table" then misuse(what .. ": expected a schema or a table of fields, found " .. type(value)) end
    local is_field_map = next(value) == nil
    for _, field in pairs(value) do is_field_map = is_field_map or is_schema(field) end
    if type(value.type) == "string" then is_field_map = false end   -- a field named 'type' would be a table
    json = is_field_map and fields(value, what) or plain(value, what, 0)
  end
  local used = {}
  collect(json, used)
  if next(used) == nil or json["$defs"] then return json end
  local copy = { ["$defs"] = used }
  for key, part in pairs(json) do copy[key] = part end
  return copy
end

return { constructors = schema, document = document }, {}
