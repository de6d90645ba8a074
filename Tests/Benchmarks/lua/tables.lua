-- Tables: a sieve, a hash of strings, insert, sort and concat.
local start = os.clock()
for _ = 1, 3 do
  local composite, count = {}, 0
  for i = 2, 1000000 do
    if not composite[i] then
      count = count + 1
      for j = i * i, 1000000, i do composite[j] = true end
    end
  end
  assert(count == 78498)
end
local counts = {}
for i = 1, 1500000 do
  local key = "k" .. i % 1000
  counts[key] = (counts[key] or 0) + 1
end
local list = {}
for i = 1, 300000 do list[#list + 1] = i * 7919 % 1000003 end
table.sort(list, function(a, b) return a < b end)
print(os.clock() - start)
