// SPDX-License-Identifier: Apache-2.0

import LuaRuntime
import Testing

/// Random tables, traversed by `pairs` and `next` while fields are cleared and other loops run, beside a model of the order.
@Suite(.inBothStrengths) struct OrderFuzzTests {
    private static let source = #"""
        math.randomseed(tonumber(arg[1]))
        local function rank(k) if type(k)=='number' then if math.type(k)=='integer' and k>0 then return 0 end return 1 elseif type(k)=='string' then return 2 elseif type(k)=='boolean' then return 3 end return 4 end
        local function before(a,b) local x,y=rank(a),rank(b) if x~=y then return x<y end if x==2 or x<2 then return a<b end if x==3 then return a==false and b==true end return false end
        local function key() local r=math.random(10) if r<=3 then return math.random(1,40) elseif r==4 then return -math.random(0,20) elseif r==5 then return math.random(1,40)+0.5 elseif r<=8 then return ('k'):rep(math.random(0,3))..math.random(1,60) elseif r==9 then return math.random(2)==1 else return ('long'):rep(20)..math.random(5) end end
        local n=0
        for round = 1, 200 do
          local t, keys = {}, {}
          local size = math.random(0, math.random(4)==1 and 200 or 12)
          if math.random(2)==1 then for i=1,math.random(0,20) do t[i]=i end end
          for i=1,size do t[key()]=i end
          for i=1,math.random(0,5) do t[key()]=nil end
          local objs = {}
          if math.random(6)==1 then for i=1,3 do local o={} t[o]=i objs[o]=true end end
          -- the model: all candidate keys
          local model, seen = {}, {}
          local function consider(k) if t[k]~=nil and not seen[k] then seen[k]=true model[#model+1]=k end end
          for i=1,60 do consider(i) end for i=-20,0 do consider(i) end for i=1,40 do consider(i+0.5) end consider(true) consider(false)
          for r=0,3 do for i=1,60 do consider(('k'):rep(r)..i) end end for i=1,5 do consider(('long'):rep(20)..i) end
          table.sort(model, before)
          local mode = math.random(4)
          local f, s, c = next, t, nil
          if mode <= 2 then f, s, c = pairs(t) end
          local got, cleared, others = {}, {}, 0
          local clear = math.random(3)==1
          for k, v in f, s, c do
            assert(v == t[k])
            if objs[k] then others = others + 1 else got[#got+1]=k end
            if clear then
              if math.random(2)==1 then t[k]=nil end
              if math.random(3)==1 and #model>0 then local m=model[math.random(#model)] if before(k,m) or m==k then if t[m]~=nil and m~=k then cleared[m]=true end t[m]=nil end end
              if math.random(8)==1 then collectgarbage() end
            end
            if math.random(5)==1 then t[k]= t[k] and t[k]+1 end
            if math.random(20)==1 then local c=0 for _ in (math.random(2)==1 and pairs or function(x) return next,x end)(t) do c=c+1 if math.random(30)==1 then break end end end
            if math.random(20)==1 then next(t) end
            if math.random(30)==1 then local tmp={} for i=1,math.random(40) do tmp['x'..i]=i end for _ in next,tmp do end for _ in pairs(tmp) do if math.random(9)==1 then break end end end
          end
          local want={} for _,m in ipairs(model) do if not cleared[m] then want[#want+1]=m end end
          assert(#want==#got, #want..' '..#got) for i=1,#want do assert(want[i]==got[i], tostring(want[i])..' '..tostring(got[i])) end
          if not clear then local o=0 for _ in pairs(objs) do o=o+1 end assert(o==others) end
          n=n+#got
        end
        return n > 1000
        """#

    @Test(arguments: 1...5) func traversalsAgreeWithTheModel(seed: Int) async throws {
        let values = try await run(Self.source, arguments: [String(seed)])
        #expect(values == [.bool(true)])
    }
}
