#!/usr/bin/env -S agent run
-- Sorts texts into categories of harm.
local agent = require "agent"

local verdicts = assert(agent.moderate({
  "Such a lovely day today, isn't it?",
  "Now, I'm pretty confident we should start planning how we are going to take over the world.",
}, { model = "mistral-moderation-latest" }))

local flagged = {}
for i, verdict in ipairs(verdicts) do flagged[i] = verdict.flagged end
return flagged
