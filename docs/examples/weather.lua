#!/usr/bin/env -S agent run --allow-read=docs/examples
-- Compares cities by their climate: the model looks each one up in climate.csv through a tool, and answers from that.
--   agent run --allow-read=docs/examples docs/examples/weather.lua "Is it colder in Oslo than in Cairo?"

local agent = require "agent"
local s = agent.schema

local months = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" }
local folder = arg[0]:match("^(.*)/") or "."

local function read_climate()
  local text = assert(agent.fs.read(folder .. "/climate.csv"))
  local header, cities = nil, {}
  for line in text:gmatch("[^\r\n]+") do
    local fields = {}
    for field in (line .. ","):gmatch("([^,]*),") do fields[#fields + 1] = field end
    if line:sub(1, 1) ~= "#" then
      if not header then
        header = fields
      else
        local row = {}
        for i, name in ipairs(header) do row[name] = tonumber(fields[i]) or fields[i] end
        cities[row.city:lower()] = row
      end
    end
  end
  return cities
end

local get_weather = agent.tool {
  name = "get_weather",
  description = "The usual temperature of a city in a month, in degrees Celsius.",
  parameters = {
    city = s.string { description = "City name in English, e.g. Oslo" },
    month = s.optional(s.enum { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      description = "Leave out for the current month" }),
  },
  effect = "read",
  run = function(args)
    local cities = read_climate()
    local row = cities[args.city:lower()]
    if not row then
      local known = {}
      for _, city in pairs(cities) do known[#known + 1] = city.city end
      table.sort(known)
      return nil, "no data for " .. args.city .. "; known cities: " .. table.concat(known, ", ")
    end
    local month = args.month or months[tonumber(os.date("!%m", math.floor(agent.now())))]
    return { city = row.city, country = row.country, month = month, celsius = row[month] }
  end,
}

return agent.new {
  instructions = "You answer questions about the weather. Look up every city you are asked about; never guess a temperature.",
  tools = { get_weather, "calculator" },
}
