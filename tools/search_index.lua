-- Searching an index of documents by meaning. Make one with `agent index add FOLDER`; AGENT_INDEX names another than
-- .agent/index.db. The run must be allowed to read it: --allow-read=.agent

local agent = require "agent"
local s = agent.schema

local index = agent.index.open()

return agent.tool {
  name = "search_index",
  description = "Searches the indexed documents by meaning and returns the passages that fit best. "
    .. "Each has a citation such as docs/guide.md:12-30; give it with what you say from the passage.",
  parameters = {
    query = s.string { description = "What to look for, in words of the documents", min_length = 1 },
    limit = s.integer { description = "At most this many passages", min = 1, max = 20, default = 5 },
    folder = s.optional(s.string { description = "Only this folder or file; leave it out unless you were told of one" }),
  },
  effect = "read",
  needs = { read = { index.path or ".agent" } },
  run = function(args)
    local hits, why = index:search(args.query, { limit = args.limit, prefix = args.folder })
    if not hits then return nil, why end
    local note
    if #hits == 0 and args.folder then
      -- Small models make folders up; an empty answer would end their search.
      note = "there is nothing in " .. args.folder .. "; these are from all documents"
      hits = assert(index:search(args.query, { limit = args.limit }))
    end
    local passages = agent.json.array {}
    for i, hit in ipairs(hits) do
      passages[i] = {
        citation = hit.citation, heading = hit.heading ~= "" and hit.heading or nil, text = hit.text,
        score = tonumber(string.format("%.3f", hit.score)),
      }
    end
    return { passages = passages, note = note }
  end,
}
