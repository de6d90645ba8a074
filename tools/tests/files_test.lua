local agent = require "agent"

local files = { ["dir/a.txt"] = "one\ntwo\nthree\n", ["dir/sub/b.txt"] = "b", ["dir/binary.bin"] = "a\0b" }

agent.test("lists a folder", { fakes = { fs = files } }, function(t)
  local found = t:load("../files.lua").list_files { folder = "dir" }
  t:equal(found, { folder = "dir", files = { "a.txt", "binary.bin", "sub/" } })
end)

agent.test("reads a file, or some of its lines", { fakes = { fs = files } }, function(t)
  local read_file = t:load("../files.lua").read_file
  t:equal(read_file { path = "dir/a.txt" }, { path = "dir/a.txt", lines_in_file = 3, text = "one\ntwo\nthree" })
  t:equal(read_file({ path = "dir/a.txt", first_line = 2, max_lines = 1 }).text, "two")
end)

agent.test("says what it cannot read", { fakes = { fs = files } }, function(t)
  local read_file = t:load("../files.lua").read_file
  t:contains(select(2, read_file { path = "dir/binary.bin" }), "not a text file")
  t:contains(select(2, read_file { path = "dir/none.txt" }), "No such file")
end)

agent.test("reads what is really there", { allow = { read = { "files_test.lua" } } }, function(t)
  local text = t:load("../files.lua").read_file({ path = "files_test.lua", max_lines = 1 }).text
  t:equal(text, 'local agent = require "agent"')
end)
