#!/usr/bin/env -S agent run
-- Judges texts, and a conversation, whose last message is judged in the light of the others.
--   agent run docs/examples/moderate.lua

local agent = require "agent"

local m = assert(agent.moderate { "Have a nice day.", "I will find you and hurt you." })
for i, verdict in ipairs(m) do
  local flagged = {}
  for category, is_flagged in pairs(verdict.categories) do
    if is_flagged then flagged[#flagged + 1] = string.format("%s %.2f", category, verdict.category_scores[category]) end
  end
  table.sort(flagged)
  print(i, verdict.flagged and table.concat(flagged, ", ") or "ok")
end

local c = assert(agent.moderate {
  { role = "user", content = "How do I tie a knot?" },
  { role = "assistant", content = "First make a loop." },
})
print("conversation", c[1].flagged and "flagged" or "ok")
