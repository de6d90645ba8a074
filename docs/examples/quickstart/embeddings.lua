#!/usr/bin/env -S agent run
-- Turns sentences into vectors: 1024 numbers for each.
local agent = require "agent"

local vectors = assert(agent.embed({ "Embed this sentence.", "As well as this one." }, { model = "mistral-embed" }))
return { vectors = #vectors, dimensions = #vectors[1] }
