// SPDX-License-Identifier: Apache-2.0

import AgentTesting
import JSONCore
import LuaRuntime
import Testing

@testable import LuaAgents

/// A worker that was taken over can ask for anything, past the checks of agent.lua: the door must answer or refuse, never trap.
@Suite struct HostileRequestTests {
    private static let operations = [
        "agent.run", "agent.stream.open", "agent.stream.next", "agent.stream.close", "map", "http", "fs.read",
        "fs.write",
        "fs.list", "fs.exists", "index.open", "index.add", "index.search", "index.remove", "index.documents",
        "index.info",
        "env", "stdin", "tool.new", "tool.validate", "agent.new", "library", "validate", "log", "now", "random", "uuid",
        "embed", "ocr", "transcribe", "moderate", "classify", "models", "files.list", "files.upload", "files.download",
        "files.url", "files.get", "files.delete", "batch.submit", "batch.get", "batch.list", "batch.cancel", "exec", "",
        "\0",
    ]

    private static let values: [LuaValue] = [
        .nil, .null, .bool(true), .integer(.min), .integer(.max), .integer(-1), .integer(0), .integer(1), .number(-0.0),
        .number(1e308), .number(0.5), .string(""), .string("a"), .string("\0"), .string("../../etc/passwd"),
        .bytes([0xFF, 0xFE]), .list([]), .list([.null, .integer(.min)]), .table([]),
    ]

    private static let keys = [
        "id", "name", "tools", "parameters", "type", "url", "path", "model", "limits", "turns", "messages", "role",
        "content",
        "effect", "needs", "timeout", "output", "schema", "seconds", "\u{1}tool", "\u{1}agent", "pages", "input",
        "options",
    ]

    private static func value(_ depth: Int) -> LuaValue {
        guard depth > 0, Int.random(in: 0..<3) > 0 else { return values[Int.random(in: 0..<values.count)] }
        if Bool.random() { return .list((0..<Int.random(in: 0..<4)).map { _ in value(depth - 1) }) }
        return .table(
            (0..<Int.random(in: 1..<5)).map { _ in
                LuaValue.Member(key: Array(keys[Int.random(in: 0..<keys.count)].utf8), value: value(depth - 1))
            })
    }

    @Test(arguments: operations) func areAnsweredOrRefused(operation: String) async throws {
        let world = World([.text("hello")])
        let door = Door(world.environment, mode: .run)
        let state = try LuaState(modules: Script.modules)
        door.state = state
        for round in 0..<300 {
            var arguments = LuaMessage()
            for _ in 0..<Int.random(in: 0..<4) { arguments.append(Self.value(round % 4)) }
            _ = try? await door.answer(LuaRequest(operation: operation, arguments: arguments))
        }
    }

    /// Each of these ended the host.
    @Test(arguments: [
        ("tool.validate", LuaMessage.of(.integer(.min), [:])), ("agent.run", .of(.integer(.min), "x")),
        ("agent.new", .of(["tools": [.integer(.min)]])),
        ("map", .of(1, -1, 1)), ("map", .of(1, .integer(.min), .integer(.max))),
    ])
    func numbersOutOfRangeAreRefused(operation: String, arguments: LuaMessage) async throws {
        let door = Door(World().environment, mode: .run)
        let state = try LuaState(modules: Script.modules)
        door.state = state
        let answer = try await door.answer(LuaRequest(operation: operation, arguments: arguments))
        guard case .raise = answer else {
            Issue.record("\(operation) was not refused")
            return
        }
    }
}
