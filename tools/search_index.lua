-- The date and time, in UTC and at an offset from it.

local agent = require "agent"
local s = agent.schema

return agent.tool {
  name = "clock",
  description = "The current date and time.",
  parameters = {
    utc_offset_hours = s.number { description = "Hours ahead of UTC, e.g. 2 or -3.5", min = -14, max = 14, default = 0 },
  },
  effect = "read",
  run = function(args)
    local now = math.floor(agent.now())
    local there = now + math.floor(args.utc_offset_hours * 3600 + 0.5)
    return {
      local_time = os.date("!%Y-%m-%dT%H:%M:%S", there),
      weekday = os.date("!%A", there),
      utc = os.date("!%Y-%m-%dT%H:%M:%SZ", now),
      unix = now,
    }
  end,
}
