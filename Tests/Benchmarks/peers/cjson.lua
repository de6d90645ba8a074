-- SPDX-License-Identifier: Apache-2.0
-- The peer of lua-json-bench: lua5.4 cjson.lua FILE… with Debian's lua-cjson. Same batches, same lines.
local cjson = require "cjson"
local clock = os.clock

local function best(measure)
  local rounds, least, total = 1, math.huge, 0
  while total < 1 do
    local seconds = measure(rounds)
    total = total + seconds
    if seconds < 4e-3 then rounds = rounds * 2 else least = math.min(least, seconds / rounds) end
  end
  return math.floor(least * 1e9)
end

for _, path in ipairs(arg) do
  local file = assert(io.open(path, "rb"))
  local text, name = file:read "a", path:match "[^/]*$"
  file:close()
  local decode, encode = cjson.decode, cjson.encode
  print("lua-decode", name, best(function(rounds)
    local start = clock()
    for _ = 1, rounds do decode(text) end
    return clock() - start
  end))
  local value = decode(text)
  print("lua-encode", name, best(function(rounds)
    local start = clock()
    for _ = 1, rounds do encode(value) end
    return clock() - start
  end))
  value = nil
  collectgarbage()
end
