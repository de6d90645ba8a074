#!/usr/bin/env -S agent run
-- Structured output: the answer is a value of this form, checked, or the run fails with exit 4.
--   agent run docs/examples/book.lua "I recently read 'To Kill a Mockingbird' by Harper Lee."
--   agent run docs/examples/book.lua watch      shows the value while it is written

local agent = require "agent"
local s = agent.schema

local bot = agent.new {
  instructions = "Extract the book that is spoken of.",
  output = s.object {
    name = s.string { description = "The title" },
    authors = s.array(s.string {}, { description = "The authors' full names", min_items = 1 }),
  },
}

if arg[1] ~= "watch" then return bot end

for event in bot:stream("I recently read 'Good Omens' by Terry Pratchett and Neil Gaiman.") do
  if event.type == "partial" then print(agent.json.encode(event.partial)) end
  if event.type == "error" then error(event.message) end
  if event.type == "done" then return event.reply.output end
end
