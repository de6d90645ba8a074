// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import LuaRuntime
import Testing

/// What the worker process adds to the limits, in real workers.
@Suite(.serialized) struct IsolationTests {
    private func isolated(_ limits: LuaLimits = LuaLimits()) throws -> LuaState {
        try LuaState(limits: limits, modules: [probe], sandbox: BothStrengths.isolated)
    }

    @Test func wallsHold() throws {
        let walls = try LuaWorkerPool(warm: 0).walls()
        #expect(walls.landlock >= 1)
        #expect(walls.attempts.count >= 30)
        for attempt in walls.attempts {
            #expect(attempt.holds, "\(attempt.name): errno \(attempt.error)")
        }
    }

    @Test func computesInAnotherProcess() async throws {
        let state = try isolated()
        let values = try await run("return 6 * 7, {a = {1, 2}}, 'x'", on: state)
        #expect(values.first == .integer(42))
        #expect(values.last == .string("x"))
    }

    @Test func saysWhatToBuildWhenTheProgramIsMissing() throws {
        let pool = LuaWorkerPool(program: "/nowhere/agent-lua-worker")
        let error = try #require(throws: LuaError.self) {
            try LuaState(sandbox: .isolated(in: pool))
        }
        #expect(error.code == .isolation)
        #expect(error.message.contains("/nowhere/agent-lua-worker"))
        #expect(error.message.contains("swift build --product agent-lua-worker"))
    }

    @Test func refusesAnotherProgram() throws {
        let pool = LuaWorkerPool(program: "/bin/true", warm: 0)
        let error = try #require(throws: LuaError.self) {
            try LuaState(sandbox: .isolated(in: pool))
        }
        #expect(
            error.message.hasPrefix(
                "the worker process of an isolated state could not start: it ended with exit code 0"))
    }

    @Test func leavesNoProcessBehind() async throws {
        let program = try namedWorker()
        defer { try? FileManager.default.removeItem(atPath: program.path) }
        let pool = LuaWorkerPool(program: program.path, warm: 0)
        for number in 0..<20 {
            let state = try LuaState(modules: [probe], sandbox: .isolated(in: pool))
            let values = try await run("return \(number)", on: state)
            #expect(values == [.integer(Int64(number))])
        }
        // Workers are collected in order by the thread that starts them: when this one is there, the others are gone.
        let last = try LuaState(sandbox: .isolated(in: pool))
        #expect(processes(named: program.name) == 1)
        await last.collectGarbage()
    }

    /// The worker's program under a name of its own, which is how its processes are told from those of other tests.
    private func namedWorker() throws -> (path: String, name: String) {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let name = "lw-\(UInt32.random(in: 0...(.max)))"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createSymbolicLink(
            atPath: path,
            withDestinationPath: (tests as NSString).deletingLastPathComponent + "/" + LuaWorkerPool.programName)
        return (path, name)
    }

    /// How many processes of that name there are, those that ended and were not collected included.
    private func processes(named name: String) -> Int {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == name + "\n" }.count
    }
}
