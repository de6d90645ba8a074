#!/usr/bin/env -S agent run --allow-read=. --allow-write=.
-- Reads a document into Markdown: an address, or a file of this machine.
--   agent run docs/examples/ocr.lua
--   agent run --allow-read=. docs/examples/ocr.lua scan.pdf
--   agent run --allow-read=. --allow-write=. docs/examples/ocr.lua scan.pdf pictures

local agent = require "agent"

local source = arg[1] or "https://arxiv.org/pdf/2201.04234"

local doc = assert(agent.ocr(source, {
  model = "mistral-ocr-latest",
  include_image_base64 = arg[2] == nil,
  save_images = arg[2],   -- a folder; the links in doc.markdown then lead there
}))

for _, page in ipairs(doc.pages) do
  agent.log.info("page " .. page.index, { characters = utf8.len(page.markdown), images = #page.images })
end
return doc.markdown
