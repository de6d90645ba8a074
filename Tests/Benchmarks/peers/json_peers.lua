-- Times lua-cjson on JSON files.
-- usage: json_peers.lua FILE…     prints one line for each measurement: what, file, nanoseconds of CPU time.
local cjson = require "cjson"

-- The least of 20 batches, each of at least 4 ms.
local function measure(what, file, work)
  local least, repeats, batch = math.huge, 1, -1
  while batch < 20 do
    collectgarbage "collect"
    local start = os.clock()
    for _ = 1, repeats do work() end
    local spent = os.clock() - start
    if batch < 0 and spent < 0.004 then
      repeats = repeats * 2
    else
      if batch >= 0 then least = math.min(least, spent / repeats) end
      batch = batch + 1
    end
  end
  print(("%s\t%s\t%.1f"):format(what, file, least * 1e9))
end

for _, file in ipairs(arg) do
  local stream = assert(io.open(file, "rb"))
  local text = stream:read "a"
  stream:close()
  local value = cjson.decode(text)
  measure("cjson-decode", file, function() cjson.decode(text) end)
  measure("cjson-encode", file, function() cjson.encode(value) end)
end
