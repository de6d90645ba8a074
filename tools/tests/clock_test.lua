local clock = ...

local now = clock {}
assert(now.unix > 1700000000, "the clock stands in the past")
assert(now.utc:find("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$"), now.utc)
assert(now.utc:sub(1, 19) == now.local_time, "without an offset both are UTC")
local ahead = clock { utc_offset_hours = 2 }
assert(ahead.local_time ~= ahead.utc:sub(1, 19))
local ok = pcall(clock, { utc_offset_hours = 99 })
assert(not ok, "an offset of 99 hours must be refused")
