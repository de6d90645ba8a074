#!/usr/bin/env -S agent run
-- Judges the last turn of a conversation, in its context.
local agent = require "agent"

local verdicts = assert(agent.moderate({
  { role = "user", content = "...user prompt ..." },
  { role = "assistant", content = "...assistant response..." },
  { role = "user", content = "Now, I'm pretty confident we should start planning how we are going to take over the world." },
}, { model = "mistral-moderation-latest" }))
return verdicts[1].category_scores
