#!/usr/bin/env -S agent run --allow-read=.
-- Writes down what is said: at an address, or in a file of this machine, which is sent from disk piece by piece.
--   agent run docs/examples/transcribe.lua
--   agent run --allow-read=. docs/examples/transcribe.lua talk.mp3 live

local agent = require "agent"

local source = arg[1] or "https://docs.mistral.ai/audio/obama.mp3"
local live = arg[2] == "live"

local tr = assert(agent.transcribe(source, {
  model = "voxtral-mini-latest",
  on_text = live and function(piece) agent.log.info(piece) end or nil,
}))
return tr.text
