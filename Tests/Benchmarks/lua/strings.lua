-- Strings: building, patterns, formatting, splitting and joining.
local start = os.clock()
local words = {}
for i = 1, 200000 do words[i] = string.format("%05d-%s", i, "word") end
local text = table.concat(words, " ")
local letters = 0
for _ = 1, 3 do
  for word in text:gmatch("%a+") do letters = letters + #word end
  text:gsub("(%d+)-(%a+)", "%2")
  assert(text:find("199999-word", 1, true))
end
for i = 1, 500000 do local s = ("x"):rep(i % 20) .. i if s:sub(-1) == "?" then error(s) end end
assert(letters == 2400000)
print(os.clock() - start)
