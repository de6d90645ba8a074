-- The index holds food.md, with a passage about cheese and one about wine, and sub/works.txt.
local search_index = ...

local found = assert(search_index { query = "Where does Riesling grow?", limit = 2 })
assert(#found.passages == 2, #found.passages)
local best = found.passages[1]
assert(best.text == "# Wine\n\nRiesling grows by the Rhine.", best.text)
assert(best.heading == "Wine", best.heading)
assert(best.citation:find("food%.md:5%-7$"), best.citation)
assert(best.score > 0 and best.score <= 1, best.score)
found = assert(search_index { query = "Riesling", folder = arg[1] .. "/sub" })
assert(#found.passages == 1 and found.passages[1].heading == nil, #found.passages)
assert(found.passages[1].citation:find("works%.txt:1%-3$"), found.passages[1].citation)
-- A model made a folder up and was told that there is nothing.
found = assert(search_index { query = "Riesling", folder = "no/such/folder" })
assert(#found.passages > 0 and found.note:find("nothing in no/such/folder", 1, true), found.note)
assert(not pcall(search_index, { query = "" }))
