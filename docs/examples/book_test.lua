-- agent test docs/examples/book_test.lua

local agent = require "agent"

local book = { name = "To Kill a Mockingbird", authors = { "Harper Lee" } }

agent.test("extracts a book as a value", function(t)
  local run = t:run("book.lua", "I recently read 'To Kill a Mockingbird' by Harper Lee.", { model = t.scripted { t.answers(book) } })
  t:equal(run.output, book)
end)

agent.test("has an answer of the wrong form repaired once", function(t)
  local wrong = t.answers { name = "To Kill a Mockingbird", authors = agent.json.array {} }
  local mended = t:run("book.lua", "What did I read?", { model = t.scripted { wrong, t.answers(book) } })
  t:equal(mended.output, book)
  local lost = t:run("book.lua", "What did I read?", { model = t.scripted { wrong, wrong } })
  t:failed(lost, "output")
end)

agent.test("shows the value while it is written", function(t)
  local run = t:run("book.lua", nil, {
    args = { "watch" },
    model = t.scripted { t.says { '{"name":"Good', ' Omens","authors":["Terry', ' Pratchett"]}' } },
  })
  t:equal(run.output, { name = "Good Omens", authors = { "Terry Pratchett" } })
  t:contains(run.printed, '{"name":"Good"}')
end)
