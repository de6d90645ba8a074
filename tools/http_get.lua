-- Fetches a page or a JSON document from hosts that the run was granted (--allow-net).

local agent = require "agent"
local s = agent.schema

local function text_of(html)
  html = html:gsub("<script.-</script>", " "):gsub("<style.-</style>", " "):gsub("<[^>]*>", " ")
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
