-- arg[1] is the address of a server with /page (HTML) and /data (JSON).
local http_get = ...
local base = arg[1]

local page = assert(http_get { url = base .. "/page" })
assert(page.status == 200 and page.text:find("Hello & welcome", 1, true), page.text)
assert(not page.text:find("<", 1, true), "tags are gone")
assert(not page.text:find("alert", 1, true), "scripts are gone")
-- 400,000 bytes that would take minutes with patterns that begin anew at each tag.
assert(http_get { url = base .. "/unclosed" }.truncated)
local cut = assert(http_get { url = base .. "/data", max_characters = 3 })
assert(cut.truncated and #cut.text <= 3, cut.text)
local ok = pcall(http_get, { url = "ftp://example.org/" })
assert(not ok, "only http and https")
