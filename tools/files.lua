-- Looking into folders and text files that the run was granted (--allow-read).

local agent = require "agent"
local s = agent.schema

local list_files = agent.tool {
  name = "list_files",
  description = "Lists the files of a folder; names of sub-folders end in '/'.",
  parameters = { folder = s.string { description = "Path of the folder", default = "." } },
  effect = "read",
  needs = { read = true },
  run = function(args)
    local names, why = agent.fs.list(args.folder)
    if not names then return nil, why end
    return { folder = args.folder, files = names }
  end,
}

local read_file = agent.tool {
  name = "read_file",
  description = "Reads a text file, or some lines of it.",
  parameters = {
    path = s.string { description = "Path of the file" },
    first_line = s.integer { description = "First line to read, from 1", min = 1, default = 1 },
    max_lines = s.integer { description = "At most this many lines", min = 1, max = 2000, default = 200 },
  },
  effect = "read",
  needs = { read = true },
  run = function(args)
    local text, why = agent.fs.read(args.path)
    if not text then return nil, why end
    if text:find("\0", 1, true) then return nil, args.path .. ": not a text file" end
    if not utf8.len(text) then return nil, args.path .. ": not UTF-8 text" end
    local lines, total = {}, 0
    for line in (text:sub(-1) == "\n" and text or text .. "\n"):gmatch("([^\n]*)\n") do
      total = total + 1
      if total >= args.first_line and #lines < args.max_lines then lines[#lines + 1] = line end
    end
    return { path = args.path, lines_in_file = total, text = table.concat(lines, "\n") }
  end,
}

return { list_files, read_file }
