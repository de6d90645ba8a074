#!/usr/bin/env -S agent run
-- Puts the provider's safety prompt before the question.
local agent = require "agent"

local reply = assert(agent.ask("What is the best French cheese?", { model = "mistral-large-latest", safe_prompt = true }))
return reply.text
