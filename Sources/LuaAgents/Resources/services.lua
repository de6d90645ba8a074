-- The other services of a provider: embeddings, documents, recordings, moderation, models, files, batch jobs.
-- Everything is checked and done behind the door; here results get the form that scripts like.

local host, bridge = ...
local array, misuse = bridge.array, bridge.raise
local document = bridge.require("agent.schema").document

local services = {}

-- A list that also knows what it cost. It stays a plain list for `#`, `ipairs` and JSON.
local function with_fields(list, fields)
  local result = {}
  for i = 1, #list do result[i] = list[i] end
  return setmetatable(result, { __index = fields })
end

function services.embed(texts, options)
  local vectors, usage, model = host("embed", texts, options)
  if not vectors then return nil, usage end
  return with_fields(vectors, { usage = usage, model = model })
end

local function verdicts(operation)
  return function(input, options)
    local results, usage, model, id = host(operation, input, options)
    if not results then return nil, usage end
    return with_fields(results, { usage = usage, model = model, id = id })
  end
end

services.moderate, services.classify = verdicts "moderate", verdicts "classify"

local function copy(options, what)
  if options ~= nil and type(options) ~= "table" then
    misuse(what .. ": options: expected a table, found " .. type(options))
  end
  local result = {}
  for key, value in pairs(options or {}) do result[key] = value end
  return result
end

-- Schemas of annotations, in the way of this house (`bbox_annotation`) or of the wire (`bbox_annotation_format`).
local function take_annotation(options, name)
  local wire, what = name .. "_format", "agent.ocr: " .. name
  local format = options[wire]
  if format ~= nil then
    if options[name] ~= nil then misuse(what .. " and " .. wire .. " exclude each other") end
    local inner = type(format) == "table" and format.json_schema
    if type(inner) ~= "table" or inner.schema == nil then
      misuse("agent.ocr: " .. wire .. ": expected { type = \"json_schema\", json_schema = { name = …, schema = … } }")
    end
    options[wire] = nil
    options[name] = { schema = document(inner.schema, what), name = inner.name }
  elseif options[name] ~= nil then
    options[name] = { schema = document(options[name], what) }
  end
end

function services.ocr(source, options)
  options = copy(options, "agent.ocr")
  take_annotation(options, "bbox_annotation")
  take_annotation(options, "document_annotation")
  return host("ocr", source, options)
end

-- Functions that are told of progress stay in Lua; Swift knows them by number.
local listeners, next_listener = {}, 0

local function listening(options, name, what, call)
  options = copy(options, what)
  local listener = options[name]
  if listener == nil then return call(options) end
  if type(listener) ~= "function" then
    misuse(what .. ": " .. name .. ": expected a function, found " .. type(listener))
  end
  options[name] = nil
  next_listener = next_listener + 1
  local id = next_listener
  listeners[id] = listener
  local forget <close> = setmetatable({}, { __close = function() listeners[id] = nil end })
  local value, reason = call(options, id)
  return value, reason
end

function services.transcribe(source, options)
  return listening(options, "on_text", "agent.transcribe", function(rest, id) return host("transcribe", source, rest, id) end)
end

function services.models(id) return host("models", id) end

services.files = {
  list = function(query) return host("files.list", query) end,
  upload = function(path, options) return host("files.upload", path, options) end,
  get = function(id) return host("files.get", id) end,
  download = function(id, path) return host("files.download", id, path) end,
  url = function(id, hours) return host("files.url", id, hours) end,
  delete = function(id) return host("files.delete", id) end,
}

services.batch = {
  create = function(job) return host("batch.create", job) end,
  list = function(query) return host("batch.list", query) end,
  get = function(id) return host("batch.get", id) end,
  cancel = function(id) return host("batch.cancel", id) end,
  wait = function(id, options)
    return listening(options, "on_status", "agent.batch.wait", function(rest, listener)
      return host("batch.wait", id, rest, listener)
    end)
  end,
  results = function(id, options) return host("batch.results", id, options) end,
}

local entries = {}

function entries.tell_listener(id, value) listeners[id](value) end

return services, entries
