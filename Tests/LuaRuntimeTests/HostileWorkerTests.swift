// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import Testing

@testable import LuaRuntime

/// A worker that was taken over can send anything, or nothing. Here a shell script stands in for it.
@Suite(.serialized) struct HostileWorkerTests {
    /// A program that says what a real worker says until a state is open, then does as told.
    private static func sandbox(_ deed: String, ready: Bool = true) throws -> (sandbox: Sandbox, program: Program) {
        var hello = FrameWriter(.ready)
        for word in [Frame.version, 100 << 20, 7] { hello.append(word) }
        var opened = FrameWriter(.done)
        opened.append(WorkerStatus(output: [], memoryUsed: 0, memoryPeak: 0))
        opened.append(false)
        let begin = try ready ? say(hello.finished()) + "hear\n" + say(opened.finished()) + "hear\n" : ""
        let program = try Program(
            """
            #!/bin/bash
            hear() { head -c "$(head -c 4 <&3 | od -An -tu4)" <&3 >/dev/null; }
            \(begin)\(deed)
            """)
        return (.isolated(in: LuaWorkerPool(program: program.path, warm: 0)), program)
    }

    private static func say(_ bytes: [UInt8]) -> String {
        "printf '\(bytes.map { "\\x" + String($0, radix: 16) }.joined())' >&3\n"
    }

    private static func state(_ sandbox: Sandbox, _ time: Duration = .seconds(60)) throws -> LuaState {
        // A process that another test is starting holds the program open as it was written, until it has begun (ETXTBSY).
        for _ in 0..<10_000 {
            let state = Result { try LuaState(limits: LuaLimits(computeTime: time), sandbox: sandbox) }
            guard case .failure(let error) = state, "\(error)".hasSuffix("Text file busy") else {
                return try state.get()
            }
            sched_yield()
        }
        return try LuaState(limits: LuaLimits(computeTime: time), sandbox: sandbox)
    }

    private static func failure(_ deed: String, _ time: Duration = .seconds(60)) async throws -> LuaError {
        let (sandbox, program) = try Self.sandbox(deed)
        defer { program.remove() }
        let state = try state(sandbox, time)
        let error = try await #require(throws: LuaError.self) { try await state.call(entry: "x") }
        let after = try await #require(throws: LuaError.self) { try await state.call(entry: "x") }
        #expect(after.code == .closed)
        #expect(await state.liveThreads == 0)
        return error
    }

    private static let step: [UInt8] = {
        let status = WorkerStatus(output: Array("out".utf8), memoryUsed: 1, memoryPeak: 1)
        return (try? WorkerStep(.finished(.of(42, ["a": "b"])), status).frame()) ?? []
    }()

    @Test(
        arguments: [
            ([255, 255, 255, 255], "it announced a frame of 4294967295 bytes"),
            ([1, 0, 0, 0, 99], "expected a report at byte 0"),
            ([0, 0, 0, 0], "expected a kind at byte 0"),
            ([2, 0, 0, 0, 4, 0], "expected the length of output at byte 1"),
            ([1, 0, 0, 0, 4, 1, 0, 0, 0, 4], "it sent more than it was asked for"),
        ] as [([UInt8], String)])
    func whatIsNoReportEndsTheWorker(bytes: [UInt8], reason: String) async throws {
        let error = try await Self.failure(Self.say(bytes) + "sleep 100")
        #expect(error.code == .isolation)
        #expect(error.message.contains(reason), "\(error.message)")
    }

    @Test func anEndInTheMiddleOfAReportIsAnError() async throws {
        let error = try await Self.failure(Self.say(Array(Self.step.dropLast(3))) + "exit 9")
        #expect(error.code == .isolation)
        #expect(error.message == "the worker process of the Lua state is gone: it ended with exit code 9")
        let killed = try await Self.failure("kill -SEGV $$")
        #expect(killed.message == "the worker process of the Lua state is gone: it was ended by signal 11")
    }

    @Test func aReportMayArriveByteByByte() async throws {
        let bytes = Self.step.map { Self.say([$0]) }.joined()
        let (sandbox, program) = try Self.sandbox(bytes + "sleep 100")
        defer { program.remove() }
        let printed = Printed()
        let state = try LuaState(sandbox: sandbox, output: printed.sink)
        let values = try await state.call(entry: "x").values()
        #expect(values.first == .integer(42))
        #expect(printed.text == "out")
    }

    @Test func aWorkerThatDoesNotStopIsKilled() async throws {
        let error = try await Self.failure("while :; do :; done", .milliseconds(100))
        #expect(error.code == .timeout)
        #expect(error.message == "the time limit of the call was reached; its worker process had to be killed")
        let asleep = try await Self.failure("sleep 100", .milliseconds(100))
        #expect(asleep.code == .timeout)
    }

    @Test func aWorkerThatDoesNotHearACancelIsKilled() async throws {
        let (sandbox, program) = try Self.sandbox("echo >&3; sleep 100")
        defer { program.remove() }
        let state = try LuaState(sandbox: sandbox)
        let call = Task { try await state.call(entry: "x") }
        state.cancel()
        let error = try await #require(throws: LuaError.self) { try await call.value }
        #expect(error.code == .cancelled || error.code == .closed)
    }

    @Test func aProgramThatRefusesSaysWhy() throws {
        var refusal = FrameWriter(.refused)
        refusal.append("this kernel has no Landlock (Linux 5.13 or newer)")
        let (sandbox, program) = try Self.sandbox(Self.say(refusal.finished()) + "sleep 100", ready: false)
        defer { program.remove() }
        let error = try #require(throws: LuaError.self) { try Self.state(sandbox) }
        #expect(error.code == .isolation)
        #expect(
            error.message
                == "isolated states are not possible on this machine: this kernel has no Landlock (Linux 5.13 or newer)"
        )
    }

    @Test func aWorkerOfAnotherVersionIsRefused() throws {
        var hello = FrameWriter(.ready)
        for word in [Frame.version + 1, 0, 7] { hello.append(word) }
        let (sandbox, program) = try Self.sandbox(Self.say(hello.finished()) + "sleep 100", ready: false)
        defer { program.remove() }
        let error = try #require(throws: LuaError.self) { try Self.state(sandbox) }
        #expect(error.message == "agent-lua-worker is of another version than this program; build both together")
    }
}

/// A script that can be started.
private struct Program {
    let path: String

    init(_ text: String) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("worker-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
