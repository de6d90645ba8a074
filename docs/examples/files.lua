#!/usr/bin/env -S agent run --allow-read=.
-- Answers questions about the files of a folder, which it may read and nothing else.
--   agent run --allow-read=docs docs/examples/files.lua "Which example draws on a CSV file?"

local agent = require "agent"

return agent.new {
  instructions = "You answer questions about the files in the folder '" .. (arg[1] or ".") .. "'. "
    .. "List the folder, read what you need, and say which file an answer comes from.",
  tools = { "files" },
  limits = { turns = 10 },
}
