-- Tools of the host program's users: they can be changed without building the program anew.

local agent = require "agent"
local s = agent.schema

-- Frost-free days a plant needs from sowing to harvest, and when it may be sown (month, day).
local plants = {
  radish = { days = 30, month = 3, day = 15 },
  bean = { days = 80, month = 5, day = 15 },
  pumpkin = { days = 110, month = 5, day = 20 },
}

return agent.tool {
  name = "plant_info",
  description = "When a plant may be sown, and how many days it needs until harvest.",
  parameters = { plant = s.string { description = "Name in English, singular" } },
  effect = "read",
  run = function(args)
    local plant = plants[args.plant:lower()]
    if not plant then return nil, "unknown plant " .. args.plant .. "; known: bean, pumpkin, radish" end
    return { plant = args.plant, days = plant.days, sow_from = { month = plant.month, day = plant.day } }
  end,
}
