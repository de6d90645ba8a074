#!/usr/bin/env -S agent run
-- JSON mode: some JSON object, of a form that the prompt alone describes.
--   agent run docs/examples/meal.lua

local agent = require "agent"

local prompt = arg[1] or "What is the best French meal? Return the name and the ingredients in short JSON object."
local reply = assert(agent.ask(prompt, { response_format = "json_object" }))
return reply.output
