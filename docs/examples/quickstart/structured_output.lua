#!/usr/bin/env -S agent run
-- Gets an object of a form that the schema says, checked before you see it.
local agent = require "agent"

local book = {
  title = "Book",
  type = "object",
  properties = {
    name = { title = "Name", type = "string" },
    authors = { title = "Authors", type = "array", items = { type = "string" } },
  },
  required = { "name", "authors" },
  additionalProperties = false,
}

local reply = assert(agent.ask("I recently read 'To Kill a Mockingbird' by Harper Lee.", {
  model = "ministral-8b-latest",
  instructions = "Extract the books information.",
  response_format = { type = "json_schema", json_schema = { name = "Book", schema = book } },
  max_tokens = 256,
  temperature = 0,
}))
return reply.output
