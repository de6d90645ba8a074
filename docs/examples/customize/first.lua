-- The support assistant of a shop, as it was first written.
local agent = require "agent"
local s = agent.schema

return agent.new {
  instructions = "You are the support assistant of the shop Tea & Tins. Sort each message into a category and reply.",
  output = {
    category = s.enum { "order", "return", "billing", "other", "refuse" },
    reply = s.string { max_length = 300 },
  },
  temperature = 0,
  max_tokens = 160,
}
