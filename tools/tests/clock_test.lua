local agent = require "agent"

-- 2026-11-27 21:00:00 UTC
agent.test("tells the time in UTC and at an offset", { fakes = { now = 1795813200.25 } }, function(t)
  local clock = t:load("../clock.lua").clock
  t:equal(clock {}, {
    unix = 1795813200, utc = "2026-11-27T21:00:00Z", local_time = "2026-11-27T21:00:00", weekday = "Friday",
  })
  local ahead = clock { utc_offset_hours = 5.5 }
  t:equal(ahead.local_time, "2026-11-28T02:30:00")
  t:equal(ahead.weekday, "Saturday")
  t:equal(ahead.utc, "2026-11-27T21:00:00Z")
end)

agent.test("goes with the real clock", function(t)
  t:ok(t:load("../clock.lua").clock({}).unix > 1700000000, "the clock stands in the past")
end)

agent.test("refuses offsets that no place has", function(t)
  t:raises(function() t:load("../clock.lua").clock { utc_offset_hours = 99 } end, "utc_offset_hours")
end)
