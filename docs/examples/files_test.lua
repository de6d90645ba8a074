-- agent test docs/examples/files_test.lua

local agent = require "agent"

agent.test("lists the folder and reads what it needs", function(t)
  local run = t:run("files.lua", "Which file is about cheese?", {
    args = { "shop" },
    fakes = { fs = { ["shop/one.txt"] = "wine\n", ["shop/two.txt"] = "cheese\n" } },
    model = t.scripted {
      t.calls("list_files", { folder = "shop" }), t.calls("read_file", { path = "shop/two.txt" }), "two.txt",
    },
  })
  t:equal(run.tool_calls[1].result.files, { "one.txt", "two.txt" })
  t:contains(run.requests[1].messages[1].content, "the folder 'shop'")
  t:contains(run.tool_calls[2].result, { text = "cheese" })
end)

agent.test("reads nothing outside of it", function(t)
  local run = t:run("files.lua", "What is in /etc/hostname?", {
    allow = { read = { "climate.csv" } },
    model = t.scripted { t.calls("read_file", { path = "/etc/hostname" }), "I cannot read that." },
  })
  t:ok(run.tool_calls[1].error, "the call fails")
  t:equal(run.tool_calls[1].result, nil)
end)
