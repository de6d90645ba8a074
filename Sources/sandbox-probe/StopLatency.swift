// SPDX-License-Identifier: Apache-2.0

import LuaRuntime

/// How long after its deadline a script is stopped, for scripts that resist in different ways.
struct StopLatency {
    let count: Int

    private static let loops = [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do coroutine.wrap(function() while true do pcall(function() while true do end end) end end)() end",
        "local t = {} while true do t[#t % 1000 + 1] = {} end",
        "local s = ('a'):rep(1e6) while true do pcall(string.find, s, '.-.-.-b') end",
        "local t = {} for i = 1, 2e5 do t[i] = i * 7919 % 200003 end while true do table.sort(t) end",
        "while true do local t = {} for i = 1, 1e5 do t[i] = ('x'):rep(20) end table.concat(t) end",
    ]

    func run() async throws {
        var late: [Double] = []
        for number in 0..<count {
            let state = try LuaState()
            let deadline = ContinuousClock.now + .milliseconds(50 + number % 17)
            do {
                _ = try await state.run(
                    chunk: Array(Self.loops[number % Self.loops.count].utf8), name: "loop", deadline: deadline)
                throw Unexpected("the loop ended")
            } catch let error as LuaError where error.code == .timeout {
                late.append((ContinuousClock.now - deadline) / .milliseconds(1))
            }
        }
        late.sort()
        func at(_ share: Double) -> String { number(late[min(late.count - 1, Int(Double(late.count) * share))]) }
        print("stops in process: \(count), median \(at(0.5)) ms, p99 \(at(0.99)) ms, most \(number(late.last ?? 0)) ms")
    }

    private func number(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
