# SPDX-License-Identifier: Apache-2.0
"""Writes a Lua program of random calls of what the sandbox replaces: pcall, xpcall, error, coroutine.*, string patterns,
load, and the table functions. It prints what each call gave, so that two runtimes can be compared line by line.

usage: semantics.py SEED CALLS > program.lua
"""
import random
import sys

PRELUDE = r"""
local function show(v)
  if type(v) == "string" then return string.format("%q", v) end
  if type(v) == "table" then
    local parts = {}
    for i = 1, math.min(rawlen(v), 20) do parts[i] = tostring(rawget(v, i)) end
    return "{" .. table.concat(parts, ",") .. "}"
  end
  if type(v) == "function" or type(v) == "thread" then return type(v) end
  return tostring(v)
end
local function report(n, ...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  print(n, table.concat(parts, " "))
end
local function all(text, pattern)
  local found = {}
  for a, b in text:gmatch(pattern) do found[#found + 1] = show(a) .. ":" .. show(b) if #found > 30 then break end end
  return table.concat(found, " ")
end
local function closing(log, name, fails)
  return setmetatable({}, { __close = function(_, e)
    log[#log + 1] = name .. "(" .. show(e) .. ")" if fails then error(name .. "!", 0) end end })
end
"""


class Programs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def number(self):
        return self.pick("0", "1", "-1", "2", "3", "-2", "5", "100", "1.0", "2.5", "nil", "'2'", "math.mininteger")

    def text(self):
        alphabet = "aab.1 %-[]()\\0x"
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randint(0, 12))).replace("\\0", "\\0").replace("\\x", "x").rstrip("\\")

    def item(self):
        return self.pick("a", "b", ".", "%a", "%d", "%s", "%w", "%W", "[ab]", "[^a]", "[a-c]", "[%d.]", "[]]", "%.", "x",
                         "%bxb", "%f[%w]", "%1", "()", "(a)", "(.-)", "(%a*)", "(", ")", "[", "%", "$", "^", "-")

    def pattern(self):
        parts = []
        for _ in range(self.random.randint(0, 5)):
            parts.append(self.item() + self.pick("", "", "*", "+", "-", "?"))
        return self.pick("", "", "", "^") + "".join(parts) + self.pick("", "", "", "$")

    def quoted(self, text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\\\\0", "\\0") + '"'

    def string_call(self):
        text, pattern = self.quoted(self.text()), self.quoted(self.pattern())
        return self.pick(
            f"string.find, {text}, {pattern}", f"string.find, {text}, {pattern}, {self.number()}",
            f"string.find, {text}, {pattern}, 1, true", f"string.match, {text}, {pattern}",
            f"string.match, {text}, {pattern}, {self.number()}", f"all, {text}, {pattern}",
            f"string.gsub, {text}, {pattern}, {self.quoted(self.pick('', 'x', '%0', '<%1>', '%2', '%', '%%'))}",
            f"string.gsub, {text}, {pattern}, {self.pick('string.upper', '{a=1, b=false, [1]=2}', 'function(...) return select(chr or 1, ...) end', 'function() return nil end', '{}', '1', 'nil')}, {self.number()}",
            f"string.rep, {text}, {self.pick('0', '1', '3', '-1')}, {self.quoted(self.text())}",
            f"string.format, {self.quoted(self.pick('%s', '%d', '%5.2f', '%q', '%x', '%5s|', '%i', '%c', '%', '%y', '%s %s'))}, {self.pick('1', '1.5', text, 'nil', 'true', '2^53', '-0.0')}",
        )

    def table_call(self):
        elements = ", ".join(self.pick("1", "2", "3", "'a'", "'b'", "2.5") for _ in range(self.random.randint(0, 7)))
        n = lambda: self.pick("0", "1", "-1", "2", "3", "-2", "5", "10", "1.0", "2.5", "nil", "'2'")
        numbers = ", ".join(str(self.random.randint(0, 9)) for _ in range(self.random.randint(0, 40)))
        return self.pick(
            f"function(t, ...) table.insert(t, ...) return t end, {{{elements}}}, {n()}",
            f"function(t, ...) table.insert(t, ...) return t end, {{{elements}}}, {n()}, 'new'",
            f"function(t, ...) return table.remove(t, ...), t end, {{{elements}}}, {n()}",
            f"function(t) return table.remove(t), t end, {{{elements}}}",
            f"table.move, {{{elements}}}, {n()}, {n()}, {n()}",
            f"table.move, {{{elements}}}, {n()}, {n()}, {n()}, {{7, 8, 9}}",
            f"table.concat, {{{elements}}}, {self.pick(chr(39) + '-' + chr(39), 'nil', '1')}, {n()}, {n()}",
            f"table.concat, {{{elements}}}", f"table.unpack, {{{elements}}}, {n()}, {self.pick('1', '3', 'nil', '-1')}",
            f"function(t) table.sort(t) return t end, {{{elements}}}",
            f"function(t) table.sort(t) return table.concat(t) end, {{{numbers}}}",
            f"function(t) table.sort(t, function(a, b) return a > b end) return table.concat(t) end, {{{numbers}}}",
            f"select, {n()}, {elements or 'nil'}", f"tonumber, {self.quoted(self.text())}, {self.pick('10', '16', 'nil')}",
        )

    def value(self):
        return self.pick("'e'", "nil", "42", "{1, 2}", "'x' .. 1", "true")

    def step(self, depth, closes=True):
        """A statement for the inside of a function. Inside xpcall nothing is closed: the handler of the sandbox runs after
        the stack was unwound, so that what closes sees the error itself, and stock Lua's sees what the handler made of it."""
        if depth <= 0:
            return self.pick("log[#log + 1] = 'end'", "local _ = 1")
        inner = self.step(depth - 1, closes)
        plain = self.step(depth - 1, False)
        statement = self.pick(
            f"error({self.value()}, {self.pick('0', '1', '2')})",
            f"log[#log + 1] = show(coroutine.isyieldable()) {inner}",
            f"log[#log + 1] = show(select(2, coroutine.running()))  {inner}",
            f"local ok, a, b = pcall(function() {inner} return 1, 2 end) log[#log + 1] = show(ok) .. show(a) .. show(b)",
            f"local ok, a = xpcall(function(...) {plain} return ... end, function(e) return 'h' .. show(e) end, 7) log[#log + 1] = show(ok) .. show(a)",
            f"local c <close> = closing(log, 'c{depth}', {self.pick('false', 'false', 'true')}) {inner}",
            f"if coroutine.isyieldable() then log[#log + 1] = 'y' .. show((coroutine.yield({depth}))) end {inner}",
            f"local co = coroutine.wrap(function(a) {inner} return a end) log[#log + 1] = show(co(3)) log[#log + 1] = show(pcall(co))",
            f"local co = coroutine.create(function() {inner} end) for _ = 1, 3 do log[#log + 1] = show(coroutine.resume(co)) .. coroutine.status(co) end log[#log + 1] = show(coroutine.close(co))",
            f"local co = coroutine.create(function() local c <close> = closing(log, 'k', false) coroutine.yield(1) end) coroutine.resume(co) log[#log + 1] = show(coroutine.close(co)) .. coroutine.status(co) {inner}",
            f"for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do log[#log + 1] = show(v) end {inner}",
            f"local t = setmetatable({{}}, {{__index = function(_, k) {inner} return k end}}) log[#log + 1] = show(t.key)",
            f"assert(load('local log, show, closing = ... ' .. {self.quoted('log[#log + 1] = 1')}))(log, show, closing) {inner}",
            f"table.sort({{3, 1, 2}}, function(a, b) {self.pick('', inner)} return a < b end)",
            f"string.gsub('ab', '.', function(c) {self.pick('', inner)} end)",
            f"assert({self.pick('false', 'nil', '1', 'false, {}', 'nil, 5')}) {inner}",
        )
        return statement if closes or "<close>" not in statement else "log[#log + 1] = 'plain'"

    def flow_call(self):
        return f"function() local log = {{}} local ok, e = pcall(function() {self.step(self.random.randint(1, 5))} end) return ok, e, table.concat(log, ' ') end"

    def load_call(self):
        source = self.pick("return 1 + 1", "return ...", "x = 1 return x", "return _ENV ~= nil", "return (", "local a <const> = 1 a = 2",
                           "goto nowhere", "return 'unfinished", "for", "return " + self.pattern(), "return 0x", "\\27Lua", "")
        arguments = self.pick("", ", 'chunk'", ", '=chunk'", ", '@chunk', 't'", ", 'c', 'b'", ", 'c', 't', {}", ", 'c', 'bt', {x = 5}")
        return f"function() local f, e = load({self.quoted(source)}{arguments}) if not f then return f, e end return pcall(f, 4) end"

    def program(self, calls):
        lines = [PRELUDE]
        for number in range(calls):
            call = self.pick(self.string_call, self.string_call, self.table_call, self.flow_call, self.flow_call, self.load_call)()
            lines.append(f"report({number}, pcall({call}))")
        return "\n".join(lines)


if __name__ == "__main__":
    print(Programs(int(sys.argv[1])).program(int(sys.argv[2])))
