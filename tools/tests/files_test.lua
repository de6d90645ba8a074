-- arg[1] is a folder with a.txt ("one\ntwo\nthree\n"), sub/b.txt and binary.bin.
local list_files, read_file = ...
local folder = arg[1]

local found = assert(list_files { folder = folder })
assert(table.concat(found.files, " ") == "a.txt binary.bin sub/", table.concat(found.files, " "))
local whole = assert(read_file { path = folder .. "/a.txt" })
assert(whole.text == "one\ntwo\nthree" and whole.lines_in_file == 3, whole.text)
local part = assert(read_file { path = folder .. "/a.txt", first_line = 2, max_lines = 1 })
assert(part.text == "two" and part.lines_in_file == 3, part.text)
local nothing, why = read_file { path = folder .. "/binary.bin" }
assert(nothing == nil and why:find("not a text file", 1, true), why)
nothing, why = read_file { path = folder .. "/none.txt" }
assert(nothing == nil and why:find("No such file", 1, true), why)
