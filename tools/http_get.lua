-- Fetches a page or a JSON document from hosts that the run was granted (--allow-net).

local agent = require "agent"
local s = agent.schema

-- `html` without what stands between `opening` and `closing`, both included. Each byte is looked at
-- once: a page can be made so that patterns such as "<script.-</script>" take the square of its length.
local function without(html, opening, closing)
  local kept, at, lower = {}, 1, html:lower()
  while true do
    local from = lower:find(opening, at, true)
    local _, to = lower:find(closing, from or #lower + 1, true)
    kept[#kept + 1] = html:sub(at, to and from - 1)
    if not to then return table.concat(kept, " ") end
    at = to + 1
  end
end

local function text_of(html)
  html = without(without(without(without(html, "<!--", "-->"), "<script", "</script>"), "<style", "</style>"), "<", ">")
  html = html:gsub("&nbsp;", " "):gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&amp;", "&")
  return (html:gsub("%s+", " "))
end

return agent.tool {
  name = "http_get",
  description = "Fetches a URL and returns its text. HTML is reduced to its text.",
  parameters = {
    url = s.string { description = "http or https URL", pattern = "^https?://" },
    max_characters = s.integer { description = "At most this many bytes of text", min = 1, max = 200000, default = 8000 },
  },
  effect = "read",
  timeout = 60,
  needs = { net = true },
  run = function(args)
    local response, why = agent.http.get(args.url, { timeout = 30 })
    if not response then return nil, why end
    local body = response.body
    if not utf8.len(body) then return nil, "the answer is not UTF-8 text (" .. #body .. " bytes)" end
    local kind = response.headers["content-type"] or ""
    if kind:find("html", 1, true) then body = text_of(body) end
    local cut = #body > args.max_characters
    if cut then
      local last = args.max_characters
      while last > 0 and (body:byte(last + 1) or 0) & 0xC0 == 0x80 do last = last - 1 end
      body = body:sub(1, last)
    end
    return { status = response.status, truncated = cut, text = body }
  end,
}
