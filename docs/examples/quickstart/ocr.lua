#!/usr/bin/env -S agent run
-- Reads a document; a path on this machine does as well as an address.
local agent = require "agent"

local document = assert(agent.ocr("https://arxiv.org/pdf/2201.04234", {
  model = "mistral-ocr-latest",
  include_image_base64 = true,
}))
return document.markdown
