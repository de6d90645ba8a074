#!/usr/bin/env -S agent run --allow-read=.agent
-- Answers from an index of documents, and says which lines each statement comes from.
--   agent index add docs
--   agent run --allow-read=.agent docs/examples/search.lua "How do I let a script read a folder?"

local agent = require "agent"

return agent.new {
  instructions = "Answer from the indexed documents alone: search them first, in other words again if nothing fits. "
    .. "After each statement give the citation of its passage in brackets, as in [docs/guide.md:12-30]. "
    .. "If the documents do not say it, say that they do not.",
  tools = { "search_index" },
  limits = { turns = 8 },
}
