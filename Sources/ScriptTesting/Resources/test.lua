-- What a test file sees as `agent.test`. What is checked here needs Lua; the rest is checked behind `host`, which notes each check
-- with the line of the test that made it.

local host, bridge = ...
local array, misuse = bridge.array, bridge.raise

local encode = bridge.encoder "agent.json.encode"

local tests = {}       -- by number: { name, run }
local functions = {}   -- by number: turns of scripted models that are functions

local function check(what, value, kind)
  if type(value) ~= kind then misuse(what .. ": expected a " .. kind .. ", found " .. type(value)) end
  return value
end

local function register(name, options, run)
  if run == nil then options, run = {}, options end
  check("agent.test: name", name, "string")
  check("agent.test '" .. name .. "': options", options, "table")
  check("agent.test '" .. name .. "'", run, "function")
  tests[#tests + 1] = { name = name, run = run, options = options }
  host("test.register", name, { skip = options.skip, timeout = options.timeout })
end

-- Scripted models -----------------------------------------------------------------------------------------------

local t = {}
t.__index = t
t.__name = "test"

local turn_mark, model_mark = "\1turn", "\1model"

local function turn(fields)
  fields[turn_mark] = true
  return fields
end

-- What a model says: a text, or a list of the pieces in which it is streamed.
function t.says(text)
  if type(text) == "string" then text = { text } end
  return turn { kind = "says", pieces = array(check("t.says", text, "table")) }
end

-- A structured answer: the value as JSON.
function t.answers(value)
  return turn { kind = "answers", value = value }
end

-- With a dot: a call of a tool that a scripted model makes; the arguments are a table, or a text for arguments that are not JSON.
-- With a colon: a check of all calls of a run.
function t.calls(name, arguments, wanted)
  if getmetatable(name) == t then return name:calls_exactly(arguments, wanted) end
  check("t.calls: name", name, "string")
  local call = { name = name }
  if type(arguments) == "string" then call.text = arguments else call.arguments = arguments or {} end
  return turn { kind = "calls", calls = array { call } }
end

-- A call of the model that fails, by the code of the error.
function t.fails(code, message)
  return turn { kind = "fails", code = check("t.fails: code", code, "string"), message = message }
end

local function wire_turn(place, value)
  if type(value) == "string" then return t.says(value) end
  if type(value) == "function" then
    functions[#functions + 1] = value
    return turn { kind = "function", id = #functions }
  end
  check(place, value, "table")
  if value[turn_mark] then return value end
  local calls = array {}
  for i, each in ipairs(value) do
    if type(each) ~= "table" or each.kind ~= "calls" then misuse(place .. "[" .. i .. "]: expected t.calls(…)") end
    for _, call in ipairs(each.calls) do calls[#calls + 1] = call end
  end
  if #calls == 0 then misuse(place .. ": expected t.says, t.calls, t.answers, t.fails, a function, or a list of t.calls") end
  return turn { kind = "calls", calls = calls }
end

-- A model that answers by these turns, in order, and must be asked for all of them.
function t.scripted(turns)
  local wire = array {}
  for i, value in ipairs(check("t.scripted", turns, "table")) do
    wire[i] = wire_turn("t.scripted: turn " .. i, value)
  end
  return { [model_mark] = true, turns = wire }
end

-- Runs ----------------------------------------------------------------------------------------------------------

local Run = { __name = "run" }

-- An error that a test has looked at is one that it expects.
function Run.__index(run, name)
  if name ~= "error" then return nil end
  local ended = rawget(run, "\1error")
  if ended then host("test.seen", run.id) end
  return ended
end

local function id_of(what, run)
  if getmetatable(run) ~= Run then misuse(what .. ": expected a run, what t:run returns; found " .. type(run)) end
  return run.id
end

function t:run(...)
  local words, options = { ... }, nil
  local count = select("#", ...)
  local own = tests[self.number].options
  local task = own.task
  if not task then task = table.remove(words, 1) count = count - 1 end
  check("t:run: task", task, "string")
  if count > 2 then misuse("t:run: expected " .. (own.task and "" or "a task, ") .. "a prompt and options") end
  local input = words[1]
  options = words[2] or {}
  check("t:run: options", options, "table")
  local spec = {}
  for name, value in pairs(own) do
    if name ~= "skip" and name ~= "timeout" and name ~= "task" then spec[name] = value end
  end
  for name, value in pairs(options) do spec[name] = value end
  if type(spec.model) == "table" and spec.model[model_mark] then
    spec.scripted, spec.model = spec.model.turns, nil
  end
  local run = host("test.run", task, input, spec)
  run["\1error"], run.error = run.error, nil
  return setmetatable(run, Run)
end

-- Tools without a model -----------------------------------------------------------------------------------------

-- A file's tools, to be called: `t:load("weather.lua").get_weather { city = "Oslo" }`.
function t:load(task, options)
  local own = tests[self.number].options
  local spec = { allow = own.allow, fakes = own.fakes, args = own.args }
  for name, value in pairs(options or {}) do spec[name] = value end
  local id, names = host("test.load", check("t:load: file", task, "string"), spec)
  local tools = {}
  for _, name in ipairs(names) do
    tools[name] = function(arguments) return host("test.tool", id, name, arguments == nil and {} or arguments) end
  end
  return setmetatable(tools, { __index = function(_, name)
    misuse(task .. " has no tool '" .. tostring(name) .. "' (it has: " .. table.concat(names, ", ") .. ")")
  end })
end

-- Checks --------------------------------------------------------------------------------------------------------

local function note(passed, message) return host("test.check", passed and true or false, message) end

-- Values by what they are, in one line.
local function shown(value)
  if type(value) == "string" then return (string.format("%q", value):gsub("\\\n", "\\n")) end
  if type(value) == "table" then
    local ok, text = pcall(encode, value)
    if ok then return text end
  end
  return tostring(value)
end

function t:ok(condition, message) return note(condition, message or ("expected a true value, found " .. tostring(condition))) end
function t:fail(message) return note(false, message or "t:fail") end

-- Stops the test unless `condition` is true: for what the rest of it needs.
function t:require(condition, message)
  if not self:ok(condition, message) then host("test.stop") end
  return condition
end

function t:skip(reason) host("test.skip", reason or "") end

function t:equal(found, expected, what)
  if found == nil or expected == nil then
    return note(found == expected, (what and what .. ": " or "") .. "expected " .. shown(expected) .. ", found " .. shown(found))
  end
  return host("test.equal", { found = found, expected = expected }, what or "")
end

-- A text has a part, or matches a pattern of Lua; a list has an element; a table has at least these fields.
function t:contains(whole, part)
  if type(whole) == "string" then
    check("t:contains: part", part, "string")
    return note(whole:find(part, 1, true), "expected a text with " .. shown(part) .. ", found " .. shown(whole))
  end
  if whole == nil then return note(false, "expected something with " .. shown(part) .. ", found nil") end
  return host("test.contains", { whole = whole, part = part })
end

function t:matches(text, pattern)
  check("t:matches: pattern", pattern, "string")
  if type(text) ~= "string" then return note(false, "expected a text that matches " .. shown(pattern) .. ", found " .. shown(text)) end
  return note(text:find(pattern), "expected a text that matches " .. shown(pattern) .. ", found " .. shown(text))
end

function t:near(found, expected, distance)
  local ok = type(found) == "number" and math.abs(found - expected) <= distance
  return note(ok, ("expected %s, %s more or less, found %s"):format(expected, distance, tostring(found)))
end

-- The function must raise an error whose message has `part`.
function t:raises(f, part)
  local ok, problem = pcall(check("t:raises", f, "function"))
  if ok then return note(false, "expected an error, and there was none") end
  local text = tostring(problem)
  return note(not part or text:find(part, 1, true), "expected an error with " .. shown(part) .. ", found " .. shown(text))
end

local function path_check(order)
  return function(_, run, wanted)
    local id = id_of("t:calls", run)
    local calls = array {}
    for i, each in ipairs(check("t:calls: calls", wanted, "table")) do
      if type(each) == "string" then
        calls[i] = { name = each }
      else
        local name = each.name or each[1]
        calls[i] = { name = name, arguments = each.arguments or each[2] }
        if each.kind == "calls" then calls[i] = { name = each.calls[1].name, arguments = each.calls[1].arguments } end
      end
    end
    return host("test.calls", id, order, calls)
  end
end

t.calls_exactly = path_check "exact"
t.calls_in_order = path_check "in_order"
t.calls_in_any_order = path_check "any"

function t:called(run, name, arguments) return host("test.called", id_of("t:called", run), name, arguments) end
function t:not_called(run, name) return host("test.not_called", id_of("t:not_called", run), name) end
function t:approved(run, tool) return host("test.approved", id_of("t:approved", run), "allow", tool) end
function t:denied(run, tool) return host("test.approved", id_of("t:denied", run), "deny", tool) end
function t:finished(run) return host("test.finished", id_of("t:finished", run)) end
function t:stopped(run, limit) return host("test.stopped", id_of("t:stopped", run), limit) end
function t:failed(run, code, part) return host("test.failed", id_of("t:failed", run), code, part) end
function t:usage_below(run, most) return host("test.usage", id_of("t:usage_below", run), check("t:usage_below", most, "table")) end

function t:max_turns(run, most)
  id_of("t:max_turns", run)
  return note(run.turns <= most, ("expected %d turns at most, found %d"):format(most, run.turns))
end

-- What Swift may call ---------------------------------------------------------------------------------------------

local entries = {}

function entries.run_test(number)
  tests[number].run(setmetatable({ number = number, name = tests[number].name }, t))
end

-- A turn that a function of the test decides, when it sees what the model is asked.
function entries.scripted_turn(id, request) return wire_turn("the turn of a scripted model", functions[id](request)) end

return { test = register }, entries
