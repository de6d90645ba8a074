-- What a script sees as `require "agent"`. Everything here only computes or asks: `host(operation, ...)` is the door.
-- A host operation answers `value`, or `nil, reason` for a failure that a script may handle; misuse raises.

local host, bridge = ...
local array, null, misuse = bridge.array, bridge.null, bridge.raise
local agent = {}

local function check(what, value, kind)
  if type(value) ~= kind then misuse(what .. ": expected a " .. kind .. ", found " .. type(value)) end
  return value
end

local function document(spec, what) return bridge.require("agent.schema").document(spec, what) end

-- What a file returns leaves Lua as plain data; these fields tell Swift that a table stands for a tool or an agent.

local tool_mark, agent_mark = "\1tool", "\1agent"

-- Tools ---------------------------------------------------------------------------------------------------------

local tools = {}   -- by number: { run = function, approve = function or nil }

local Tool = { __name = "tool" }
Tool.__index = Tool

function Tool:__call(args)
  local filled = host("tool.validate", self.id, args == nil and {} or args)
  -- A tool that declares its needs, or runs once, is held to that, whoever calls it.
  if tools[self.id].held then return host("tool.call", self.id, filled) end
  return tools[self.id].run(filled, { id = "direct", turn = 0 })
end

function Tool:__tostring() return "tool " .. self.name end

local tool_fields = {
  name = "string", description = "string", parameters = "table", run = "function", effect = "string",
  needs = "table", approve = true, once = "function", recover = "function", deferred = "boolean", timeout = "number", strict = "boolean",
}

function agent.tool(spec)
  check("agent.tool", spec, "table")
  local name = spec.name
  check("agent.tool: name", name, "string")
  for key, value in pairs(spec) do
    local kind = tool_fields[key]
    if not kind then misuse("agent.tool '" .. name .. "': unknown field '" .. tostring(key) .. "'") end
    if kind ~= true then check("agent.tool '" .. name .. "': " .. key, value, kind) end
  end
  if not spec.deferred then check("agent.tool '" .. name .. "': run", spec.run, "function") end
  if spec.deferred and (spec.run or spec.once) then
    misuse("agent.tool '" .. name .. "': a deferred tool has neither run nor once: its results come from outside")
  end
  if spec.recover and not spec.once then misuse("agent.tool '" .. name .. "': recover: only a tool with once has it") end
  local approve = spec.approve
  if approve ~= nil and type(approve) ~= "boolean" and type(approve) ~= "function" then
    misuse("agent.tool '" .. name .. "': approve: expected true or a function, found " .. type(approve))
  end
  local id = host("tool.new", {
    name = name, description = spec.description,
    parameters = spec.parameters and document(spec.parameters, "parameters"),
    effect = spec.effect, needs = spec.needs, timeout = spec.timeout, strict = spec.strict,
    approve = type(approve) == "function" and "ask" or approve,
    once = spec.once ~= nil, recover = spec.recover ~= nil, deferred = spec.deferred,
  })
  tools[id] = {
    run = spec.run, approve = approve, once = spec.once, recover = spec.recover,
    held = spec.needs ~= nil or spec.once ~= nil or spec.deferred,
  }
  return setmetatable({ id = id, name = name, description = spec.description, [tool_mark] = true }, Tool)
end

-- Agents --------------------------------------------------------------------------------------------------------

local Bot = { __name = "agent" }
Bot.__index = Bot

local function tool_ids(list)
  local ids = {}
  for i, tool in ipairs(check("agent.new: tools", list, "table")) do
    if getmetatable(tool) == Tool then
      ids[#ids + 1] = tool.id
    elseif type(tool) == "string" then
      for _, id in ipairs(agent.library(tool)) do ids[#ids + 1] = id end
    else
      misuse("agent.new: tools[" .. i .. "]: expected a tool or the name of one, found " .. type(tool))
    end
  end
  return array(ids)
end

function agent.new(spec)
  check("agent.new", spec, "table")
  local wire = {}
  for key, value in pairs(spec) do wire[key] = value end
  if spec.tools then wire.tools = tool_ids(spec.tools) end
  if spec.output ~= nil then wire.output = document(spec.output, "agent.new: output") end
  if spec.guardrails ~= nil then
    wire.guardrails = bridge.require("agent.guardrails").guardrails_document(spec.guardrails, "agent.new: guardrails")
  end
  return setmetatable({ id = host("agent.new", wire), model = spec.model, [agent_mark] = true }, Bot)
end

function Bot:run(input) return host("agent.run", self.id, input) end

local function close_stream(stream) if not stream.ended then host("agent.stream.close", stream.id) end end

local function events(bot, input, finished)
  local stream = setmetatable({ id = host("agent.stream.open", bot.id, input) }, { __close = close_stream })
  local function next_event()
    if stream.ended then return nil end
    local event = host("agent.stream.next", stream.id)
    if event == nil then
      stream.ended = true
    elseif event.type == "done" and finished then
      finished(event.reply)
    end
    return event
  end
  return next_event, nil, nil, stream
end

function Bot:stream(input) return events(self, input) end

local Chat = { __name = "chat" }
Chat.__index = Chat

local chat_fields = { id = "string", history = "table" }

-- With an id the chat is stored after each turn, and reopened by it.
function Bot:chat(options)
  local chat = setmetatable({ bot = self, messages = array {}, dropped = 0, kept = 0 }, Chat)
  if options == nil then return chat end
  for key, value in pairs(check("bot:chat: options", options, "table")) do
    if not chat_fields[key] then misuse("bot:chat: " .. tostring(key) .. " is not known; it takes id and history") end
    chat[key] = check("bot:chat: " .. key, value, chat_fields[key])
  end
  if chat.history then host("chat.fit", self.id, { { role = "user", content = "" } }, 0, chat.history) end
  if chat.id then
    local stored = host("chat.load", chat.id) or { messages = array {}, version = 0 }
    chat.messages, chat.version, chat.kept = stored.messages, stored.version, #stored.messages
    chat.dropped, chat.note = stored.dropped or 0, stored.note
  end
  return chat
end

local function extended(messages, input)
  local all = array {}
  for i, message in ipairs(messages) do all[i] = message end
  if type(input) == "table" then
    for _, message in ipairs(input) do all[#all + 1] = message end
  else
    all[#all + 1] = { role = "user", content = check("chat: prompt", input, "string") }
  end
  return all
end

-- What the model is sent: what was left out is a note in front.
local function view(chat, input)
  local all = extended(chat.messages, input)
  local cut = chat.history and host("chat.fit", chat.bot.id, all, chat.dropped, chat.history)
  if cut then
    if chat.history.summarize then
      local reply, reason = agent.new({ model = chat.bot.model }):run((chat.note or "") .. cut.prompt)
      if reply then
        cut.note = cut.note .. "\nWhat they said, in short:\n" .. reply.text
        agent.log.info("summary of what was dropped: " .. reply.text)
      else
        agent.log.warn("what was dropped could not be summed up: " .. reason)
      end
    end
    chat.dropped, chat.note = cut.dropped, cut.note
  end
  if not chat.note then return all end
  local sent = array { { role = "system", content = chat.note } }
  for i = chat.dropped + 1, #all do sent[#sent + 1] = all[i] end
  return sent
end

-- Takes up what came of a turn, and stores it.
local function take_up(chat, reply)
  local first = chat.note and 2 or 1
  local all = array {}
  for i = 1, math.min(chat.dropped, #chat.messages) do all[i] = chat.messages[i] end
  for i = first, #reply.messages do all[#all + 1] = reply.messages[i] end
  chat.messages = all
  if not chat.id then return end
  local news = array {}
  for i = chat.kept + 1, #all do news[#news + 1] = all[i] end
  chat.version = host("chat.save", chat.id, {
    version = chat.version, kept = chat.kept, messages = news,
    dropped = chat.note and chat.dropped or nil, note = chat.note,
  })
  chat.kept = #all
end

function Chat:run(input)
  local reply, reason, block = self.bot:run(view(self, input))
  if reply then take_up(self, reply) end
  return reply, reason, block
end

function Chat:stream(input)
  return events(self.bot, view(self, input), function(reply) take_up(self, reply) end)
end

function agent.ask(prompt, options) return agent.new(options or {}):run(prompt) end

-- Tools of the library: each file is loaded once, in the script's own state.

local library = {}

function agent.library(name)
  if library[name] then return library[name] end
  local source, path = host("library", name)
  local chunk, problem = load(source, "@" .. path, "t")
  if not chunk then misuse(problem) end
  local made = chunk()
  if getmetatable(made) == Tool then made = { made } end
  local ids = {}
  for i, tool in ipairs(made) do ids[i] = tool.id end
  library[name] = ids
  return ids
end

-- The rest is loaded when a script first uses it: most use little, and each script has a Lua state of its own.

local parts = { "agent.world", "agent.services", "agent.guardrails" }

local function find(_, name)
  if name == "test" then
    local ok, found = pcall(bridge.require, "agent.test")
    if not ok then misuse("agent.test: this file is a test; run it with: agent test FILE") end
    agent.test = found.test
    return agent.test
  end
  if name == "schema" then agent.schema = bridge.require("agent.schema").constructors return agent.schema end
  for _, part in ipairs(parts) do
    local found = bridge.require(part)[name]
    if found ~= nil then agent[name] = found return found end
  end
  misuse("agent has no '" .. tostring(name) .. "'")
end

setmetatable(agent, { __index = find })

-- What Swift may call ---------------------------------------------------------------------------------------------

local entries = {}

local function result_of(value, reason)
  if value == nil then
    if reason == nil then return "value", null end
    return "failure", tostring(reason)
  end
  if type(value) == "string" then return "text", value end
  return "value", value
end

-- The kind of a tool's result, and the result.
function entries.call_tool(id, args, context) return result_of(tools[id].run(args, context)) end

-- All that the function returns, for the script that calls the tool itself.
function entries.call_tool_directly(id, args, context) return tools[id].run(args, context) end

function entries.approve_tool(id, args) return tools[id].approve(args) and true or false end

function entries.once_tool(id, args)
  local key = tools[id].once(args)
  if type(key) ~= "string" then error("once: expected the function to return a string, found " .. type(key), 0) end
  return key
end

-- What became of a call that was cut off: its result, or "none" when it was not done.
function entries.recover_tool(id, args, key)
  local value, reason = tools[id].recover(args, key)
  if value == nil and reason == nil then return "none" end
  return result_of(value, reason)
end

-- A script that is recorded computes the same way each time: its random numbers and its clock are the journal's.

function entries.begin_recorded(seed)
  math.randomseed(seed, 0)
  local time, date, seconds, last = os.time, os.date, 0, 0
  -- Where nothing can be asked (inside of a comparison of table.sort, say), it is as late as it was.
  local function asked(operation, before)
    local could, value = pcall(host, operation)
    return could and value or before
  end
  local function now()
    last = asked("now", last)
    return math.floor(last)
  end
  os.time = function(fields) if fields == nil then return now() end return time(fields) end
  os.date = function(format, at) return date(format, at or now()) end
  os.clock = function()
    seconds = asked("clock", seconds)
    return seconds
  end
end

return agent, entries
