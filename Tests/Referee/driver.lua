-- SPDX-License-Identifier: Apache-2.0
-- Makes the calls of the file arg[1], one JSON object a line, and prints what each gave, one JSON object a line.
local agent = require "agent"
local view = {}

-- A list with fields beside its items is neither an array nor an object of JSON.
function view.embed(vectors)
  local list = {}
  for index = 1, #vectors do list[index] = agent.json.array(vectors[index]) end
  return { vectors = agent.json.array(list), usage = vectors.usage, model = vectors.model }
end

function view.moderate(verdicts)
  local list = {}
  for index = 1, #verdicts do list[index] = verdicts[index] end
  return { verdicts = agent.json.array(list), usage = verdicts.usage }
end

function view.list(items)
  local list = {}
  for index = 1, #items do list[index] = items[index] end
  return agent.json.array(list)
end

-- The pieces that arrive, and the whole.
local own = {}

function own.transcribe_stream(source, options)
  local pieces = {}
  options.on_text = function(piece) pieces[#pieces + 1] = piece end
  local result, reason = agent.transcribe(source, options)
  if not result then return nil, reason end
  return { pieces = table.concat(pieces), result = result }
end

local function called(name)
  if own[name] then return own[name] end
  local value = agent
  for step in name:gmatch "[^.]+" do value = value[step] end
  return value
end

for line in agent.fs.read(arg[1]):gmatch "[^\n]+" do
  local call = agent.json.decode(line)
  local ok, value, reason = pcall(function() return called(call.call)(table.unpack(call.arguments)) end)
  if not ok then
    print(agent.json.encode { error = tostring(value) })
  elseif value == nil then
    print(agent.json.encode { error = tostring(reason), expected = true })
  else
    if call.view then value = view[call.view](value) end
    print(agent.json.encode { value = value })
  end
end
