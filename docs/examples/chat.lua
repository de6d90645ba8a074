#!/usr/bin/env -S agent chat
-- A conversation that remembers. `agent chat docs/examples/chat.lua` talks in the terminal;
-- `agent run docs/examples/chat.lua` shows the same from a script: two turns, streamed.

local agent = require "agent"

local bot = agent.new {
  instructions = "You are a friendly companion. Answer in one or two short sentences.",
  tools = { "clock" },
}

if arg[1] ~= "demo" then return bot end

local chat = bot:chat()
for _, prompt in ipairs { "My name is Ada.", "What is my name?" } do
  print("> " .. prompt)
  local text = {}
  for event in chat:stream(prompt) do
    if event.type == "text" then text[#text + 1] = event.text end
    if event.type == "error" then error(event.message) end
  end
  print(table.concat(text))
end
