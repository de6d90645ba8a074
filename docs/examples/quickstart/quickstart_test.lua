-- The documentation's nine calls, answered from tapes: agent test docs/examples/quickstart

local agent = require "agent"

agent.test("chat", function(t) t:contains(t:run("chat.lua").text, "cheese") end)

agent.test("safe prompt", function(t) t:finished(t:run("safe_prompt.lua")) end)

agent.test("json mode", function(t)
  t:equal(type(t:run("json_mode.lua").output), "table")
end)

agent.test("structured output", function(t)
  t:equal(t:run("structured_output.lua").output, { name = "To Kill a Mockingbird", authors = { "Harper Lee" } })
end)

agent.test("embeddings", function(t)
  t:equal(t:run("embeddings.lua").output, { vectors = 2, dimensions = 1024 })
end)

agent.test("moderation", function(t)
  t:equal(t:run("moderation.lua").output, { false, true })
end)

agent.test("moderation of a conversation", function(t)
  for category, score in pairs(t:run("moderation_chat.lua").output) do
    t:ok(score >= 0 and score <= 1, category)
  end
end)

agent.test("ocr", function(t) t:ok(#t:run("ocr.lua").text > 0) end)

agent.test("transcription", function(t) t:ok(#t:run("transcription.lua").text > 0) end)
