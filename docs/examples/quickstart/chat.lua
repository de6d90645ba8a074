#!/usr/bin/env -S agent run
-- Asks one question.
local agent = require "agent"

local reply = assert(agent.ask("What is the best French cheese?", { model = "mistral-medium-latest" }))
return reply.text
