-- agent test docs/examples/weather_test.lua

local agent = require "agent"

local climate = { read = { "climate.csv" } }

agent.test("looks up every city it is asked about", { allow = climate }, function(t)
  local run = t:run("weather.lua", "Is it colder in Oslo than in Cairo in January?", {
    model = t.scripted {
      { t.calls("get_weather", { city = "Oslo", month = "jan" }), t.calls("get_weather", { city = "Cairo", month = "jan" }) },
      function(request)
        t:contains(request.messages[#request.messages].content, '"celsius":14')
        return t.says "Yes: -4 °C in Oslo, 14 °C in Cairo."
      end,
    },
  })
  t:calls_in_any_order(run, { { "get_weather", { city = "Oslo" } }, { "get_weather", { city = "Cairo" } } })
  t:equal(run.tool_calls[1].result, { city = "Oslo", country = "Norway", month = "jan", celsius = -4 })
  t:contains(run.text, "Yes")
  t:max_turns(run, 2)
end)

agent.test("tells the model which cities there are", { allow = climate }, function(t)
  local none, why = t:load("weather.lua").get_weather { city = "Atlantis" }
  t:equal(none, nil)
  t:contains(why, "no data for Atlantis; known cities: Cairo, London")
end)

agent.test("takes the month of today", { allow = climate, fakes = { now = 1783000000 } }, function(t)
  t:equal(t:load("weather.lua").get_weather({ city = "Oslo" }).month, "jul")
end)

agent.test("reads nothing but its table", function(t)
  t:raises(function() t:load("weather.lua").get_weather { city = "Oslo" } end, "climate.csv is not granted")
end)
