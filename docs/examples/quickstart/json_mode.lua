#!/usr/bin/env -S agent run
-- Gets an object of any form: JSON mode.
local agent = require "agent"

local prompt = "What is the best French meal? Return the name and the ingredients in short JSON object."
local reply = assert(agent.ask(prompt, { model = "mistral-large-latest", response_format = "json_object" }))
return reply.output
