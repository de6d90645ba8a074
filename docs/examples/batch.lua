#!/usr/bin/env -S agent run
-- Many requests at half the price, answered within a day: made, watched, and their results in order.
--   agent run docs/examples/batch.lua Oslo Cairo London

local agent = require "agent"

local requests = {}
for i, city in ipairs { table.unpack(arg) } do
  requests[i] = {
    custom_id = tostring(i),
    body = { max_tokens = 50, messages = { { role = "user", content = "One sentence about " .. city .. "." } } },
  }
end
assert(#requests > 0, "name a city or more")

local job = assert(agent.batch.create { model = "mistral-small-latest", requests = requests })
assert(agent.batch.wait(job.id, {   -- asks every five seconds, or every `interval`
  on_status = function(state) agent.log.info(state.status, { done = state.completed_requests }) end,
}))

local answers = {}
for i, result in ipairs(assert(agent.batch.results(job.id))) do
  answers[i] = result.error or result.body.choices[1].message.content
end
return answers
