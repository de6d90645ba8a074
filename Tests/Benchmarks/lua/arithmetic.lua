-- Arithmetic: integers and floats in tight loops.
local start = os.clock()
local sum, x = 0, 1.0
for i = 1, 3e7 do
  sum = sum + i % 7 * 3
  x = x * 1.0000001 + 0.5 / i
end
assert(sum > 0 and x > 0)
print(os.clock() - start)
