local agent = require "agent"

local html = { ["content-type"] = "text/html" }
local web = {
  ["https://example.test/page"] = { headers = html, body = "<p>Hello &amp; <b>welcome</b></p><script>alert(1)</script>" },
  ["https://example.test/unclosed"] = { headers = html, body = ("<script"):rep(60000) },
  ["https://example.test/data"] = { json = { a = "é" } },
  ["https://down.test/"] = false,
}

agent.test("reduces a page to its text", { fakes = { http = web } }, function(t)
  local page = t:require(t:load("../http_get.lua").http_get { url = "https://example.test/page" })
  t:equal(page.status, 200)
  t:contains(page.text, "Hello & welcome")
  t:ok(not page.text:find("<", 1, true), "tags are gone")
  t:ok(not page.text:find("alert", 1, true), "scripts are gone")
end)

-- 400,000 bytes that would take minutes with patterns that begin anew at each tag.
agent.test("looks at each byte once", { fakes = { http = web }, timeout = 20 }, function(t)
  t:ok(t:load("../http_get.lua").http_get({ url = "https://example.test/unclosed" }).truncated)
end)

agent.test("cuts text between characters", { fakes = { http = web } }, function(t)
  local http_get = t:load("../http_get.lua").http_get
  for most = 1, 9 do
    local cut = http_get { url = "https://example.test/data", max_characters = most }
    t:ok(cut.truncated and #cut.text <= most and utf8.len(cut.text), "cut at " .. most)
  end
end)

agent.test("says what went wrong", { fakes = { http = web } }, function(t)
  local http_get = t:load("../http_get.lua").http_get
  t:contains(select(2, http_get { url = "https://down.test/" }), "no connection to down.test")
  t:raises(function() http_get { url = "ftp://example.org/" } end, "url")
end)
