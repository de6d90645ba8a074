-- Calls: recursion, closures and methods.
local Account = {}
Account.__index = Account
function Account:add(n) self.sum = self.sum + n return self end
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local start = os.clock()
assert(fib(32) == 2178309)
local account = setmetatable({ sum = 0 }, Account)
for i = 1, 3e6 do account:add(i) end
print(os.clock() - start)
