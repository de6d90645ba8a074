-- The world of a script beside models: network, files, indexes, time, logging. Loaded when a script first uses it.

local host, bridge = ...
local array, null, misuse = bridge.array, bridge.null, bridge.raise
local decode = bridge.decoder "agent.json.decode"

local world = {}

local function check(what, value, kind)
  if type(value) ~= kind then misuse(what .. ": expected a " .. kind .. ", found " .. type(value)) end
  return value
end

local function document(spec, what) return bridge.require("agent.schema").document(spec, what) end

-- Indexes of documents ------------------------------------------------------------------------------------------

local Index = { __name = "index" }
Index.__index = Index

local function paths_of(what, paths)
  if type(paths) == "string" then paths = { paths } end
  return array(check(what .. ": paths", paths, "table"))
end

function Index:add(paths) return host("index.add", self.id, paths_of("index:add", paths)) end
function Index:remove(paths) return host("index.remove", self.id, paths_of("index:remove", paths)) end
function Index:documents() return host("index.documents", self.id) end
function Index:info() return host("index.info", self.id) end

function Index:search(query, options)
  return host("index.search", self.id, check("index:search: query", query, "string"), options or {})
end

local function open_index(spec)
  local id, path = host("index.open", check("agent.index", spec == nil and {} or spec, "table"))
  return setmetatable({ id = id, path = path ~= "" and path or nil }, Index)
end

world.index = setmetatable({ open = open_index }, { __call = function(_, spec) return open_index(spec) end })

-- The rest of the world -----------------------------------------------------------------------------------------

local Response = { __name = "response" }
Response.__index = Response

function Response:json() return decode(self.body) end

local function http(method, url, options)
  local request = {}
  for key, value in pairs(options or {}) do request[key] = value end
  request.method, request.url = method, url
  local response, reason = host("http", request)
  if not response then return nil, reason end
  return setmetatable(response, Response)
end

world.http = {
  get = function(url, options) return http("GET", url, options) end,
  post = function(url, options) return http("POST", url, options) end,
  request = function(options)
    check("agent.http.request", options, "table")
    return http(options.method or "GET", options.url, options)
  end,
}

world.fs = {
  read = function(path) return host("fs.read", path) end,
  write = function(path, text) return host("fs.write", path, text) end,
  append = function(path, text) return host("fs.append", path, text) end,
  list = function(path) return host("fs.list", path) end,
  exists = function(path) return host("fs.exists", path) end,
}

world.json = {
  null = null,
  array = array,
  encode = bridge.encoder "agent.json.encode",
  decode = decode,
}

world.log = {}
for _, level in ipairs { "debug", "info", "warn", "error" } do
  world.log[level] = function(message, fields) host("log", level, tostring(message), fields or {}) end
end

-- The list is the program and its arguments; the fields beside it are options.
function world.exec(spec)
  check("agent.exec", spec, "table")
  local words, options = array {}, {}
  for key, value in pairs(spec) do
    if math.type(key) ~= "integer" then options[key] = value end
  end
  for i, word in ipairs(spec) do words[i] = type(word) == "number" and tostring(word) or word end
  return host("exec", words, options)
end

function world.env(name) return host("env", name) end
function world.now() return host("now") end
function world.sleep(seconds) return host("sleep", seconds) end
function world.random(from, to) return host("random", from, to) end
function world.uuid() return host("uuid") end
function world.validate(spec, value)
  local errors = host("validate", document(spec, "agent.validate"), value)
  if #errors == 0 then return true end
  return nil, errors
end

world.stdin = { read = function(_, what) return host("stdin", what or "l") end }

-- Functions stay in Lua; Swift knows them by number.

local functions, next_function = {}, 0

local function keep(f)
  next_function = next_function + 1
  functions[next_function] = f
  return next_function
end

-- What an error that was collected says. A table has no text of its own that would be the same each time.
local function message_of(problem)
  if type(problem) == "table" and type(problem.message) == "string" then return problem.message end
  if type(problem) == "string" or type(problem) == "number" then return tostring(problem) end
  return "the error is a " .. type(problem) .. " value"
end

-- Runs `f` over a list, `width` at a time: Swift says which items are in hand, the values never leave Lua.
function world.map(list, options, f)
  if f == nil then options, f = {}, options end
  check("agent.map: list", list, "table")
  check("agent.map: options", options, "table")
  check("agent.map: function", f, "function")
  local collects = options.errors
  if collects ~= nil and collects ~= "collect" then misuse 'agent.map: errors: expected "collect"' end
  if options.progress ~= nil then check("agent.map: progress", options.progress, "string") end
  local results, failed = array {}, array {}
  local function item(i)
    if not collects then results[i] = f(list[i], i) return false end
    local ok, value = pcall(f, list[i], i)
    if ok then results[i] = value else failed[#failed + 1] = { index = i, message = message_of(value) } end
    return not ok
  end
  local id = keep(item)
  local ok, problem = pcall(host, "map", id, #list, options.width or 4, options.progress or null)
  functions[id] = nil
  if not ok then error(problem, 0) end
  if not collects then return results end
  table.sort(failed, function(a, b) return a.index < b.index end)
  return results, failed
end

return world, { call_function = function(id, i) return functions[id](i) end }
