-- agent test docs/examples/search_test.lua

local agent = require "agent"

local passages = { { text = "Riesling grows by the Rhine.", path = "docs/food.md", first_line = 5, last_line = 7, score = 0.8 } }

agent.test("answers from a passage and cites it", function(t)
  local run = t:run("search.lua", "Where does Riesling grow?", {
    model = t.scripted {
      t.calls("search_index", { query = "Riesling" }),
      function(request)
        t:contains(request.messages[#request.messages].content, "docs/food.md:5-7")
        return "By the Rhine [docs/food.md:5-7]."
      end,
    },
    fakes = { index = { Riesling = passages } },
  })
  t:contains(run.tool_calls[1].result.passages[1], { citation = "docs/food.md:5-7", text = "Riesling grows by the Rhine.", score = 0.8 })
  t:contains(run.text, "[docs/food.md:5-7]")
end)

agent.test("looks everywhere when a folder was made up", function(t)
  local run = t:run("search.lua", "Where does Riesling grow?", {
    model = t.scripted { t.calls("search_index", { query = "Riesling", folder = "wines" }), "By the Rhine [docs/food.md:5-7]." },
    fakes = { index = { Riesling = passages } },
  })
  t:contains(run.tool_calls[1].result.note, "there is nothing in wines")
  t:equal(#run.asked, 2)
end)

agent.test("is told that nothing was found", function(t)
  local run = t:run("search.lua", "Where is Atlantis?", {
    model = t.scripted { t.calls("search_index", { query = "Atlantis" }), "The documents do not say it." },
    fakes = { index = { ["*"] = {} } },
  })
  t:equal(#run.tool_calls[1].result.passages, 0)
end)
