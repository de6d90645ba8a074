#!/usr/bin/env -S agent run
-- Writes down what is said in a recording: the documentation's, or the file that is named behind the script.
local agent = require "agent"

local source = arg[1] or "https://docs.mistral.ai/audio/obama.mp3"
local transcription = assert(agent.transcribe(source, { model = "voxtral-mini-latest" }))
return transcription.text
