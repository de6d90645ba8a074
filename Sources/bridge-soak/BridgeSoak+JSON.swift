// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime

extension BridgeSoak {
    /// Reads and writes `count` documents, and fails to read and to write as many.
    ///
    /// - Returns: how many bytes more the state holds afterwards.
    static func conversions(_ count: Int) async throws -> Int {
        let state = try LuaState(modules: [converter])
        let long = String(repeating: "é\\n", count: 100)
        let text = JSONValue.string(##"{"items":[1,"two",{},[],-0.5,null],"long":"\##(long)"}"##)
        var before = 0
        for number in -100..<count {
            if number == 0 {
                await state.collectGarbage()
                before = await state.memoryUsed
            }
            let good = try await state.call(entry: "convert", arguments: .of(text, .integer(Int64(number))))
            guard try good.json(at: 0) == true else { throw Unexpected("a wrong conversion") }
            let bad = try await state.call(entry: "refuse", arguments: .of(text, .integer(Int64(number))))
            guard try bad.json(at: 0) == true else { throw Unexpected("a conversion that should have failed") }
        }
        await state.collectGarbage()
        return await state.memoryUsed - before
    }

    /// Reaches the memory limit inside of both directions.
    static func conversionStops(_ count: Int) async throws {
        for number in 0..<count {
            let limits = LuaLimits(memoryBytes: 1 << 20)
            let state = try LuaState(limits: limits, modules: [converter])
            let entry = number.isMultiple(of: 2) ? "exhaustReading" : "exhaustWriting"
            try await expectError(.memory) { try await state.call(entry: entry) }
        }
    }

    private static let converter = LuaModule(
        name: "converter",
        source: """
            local _, bridge = ...
            local decode, encode = bridge.decoder 'decode', bridge.encoder 'encode'
            local entries = {}
            function entries.convert(text, number)
                local value = decode(text)
                value.number = number
                value.items[#value.items + 1] = {share = number + 0.25}
                for i = 1, 100 do value['k' .. i] = i end
                local written = encode(value)
                return encode(decode(written)) == written and #encode(value, {indent = 2}) > #written
            end
            function entries.refuse(text, number)
                local value = decode(text)
                local bad = {0 / 0, print, '\\xff', {[true] = 1}, {1, [3] = 3}, {a = {b = value, c = {1, x = 2}}}}
                bad[7] = {}
                bad[7].t = bad[7]
                local kind = bad[number % 7 + 1]
                local ok, reason = pcall(encode, {a = value, b = {kind}})
                local none, why = decode(text:sub(1, number % #text))
                local raised = pcall(decode, value)
                return not ok and #reason > 0 and none == nil and #why > 0 and not raised
            end
            function entries.exhaustReading()
                local text, kept = '[' .. ('{"a":[1,"x"]},'):rep(1000) .. '1]', {}
                while true do kept[#kept + 1] = decode(text) end
            end
            function entries.exhaustWriting()
                local value, kept = {}, {}
                for i = 1, 300 do value[i] = {('x'):rep(100)} end
                while true do kept[#kept + 1] = encode(value) end
            end
            return {}, entries
            """)
}
