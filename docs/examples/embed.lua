#!/usr/bin/env -S agent run
-- Vectors of texts, and which of them is nearest to a question.
--   agent run docs/examples/embed.lua
--   agent run docs/examples/embed.lua "How do I get my money back?"

local agent = require "agent"

local texts = {
  "Refunds are paid within two weeks.",
  "The office is closed on Sundays.",
  "Passwords are changed in the settings.",
}

local v = assert(agent.embed(texts, { model = "mistral-embed" }))
if not arg[1] then return { texts = #v, numbers = #v[1], tokens = v.usage.total_tokens } end

local query = assert(agent.embed(arg[1], { model = "mistral-embed" }))[1]

-- The vectors have length 1, so the cosine of two of them is their product.
local best, best_score = 1, -1
for i, vector in ipairs(v) do
  local score = 0
  for j, number in ipairs(vector) do score = score + number * query[j] end
  if score > best_score then best, best_score = i, score end
end
return string.format("%.2f  %s", best_score, texts[best])
