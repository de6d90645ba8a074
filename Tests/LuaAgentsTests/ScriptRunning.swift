// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import HTTPCore
import JSONCore
import LuaAgents
import LuaRuntime
import Synchronization
import Testing

/// Hands out one model whatever it is asked for, and keeps the references.
final class OneModel: ModelProvider {
    let model: any Model
    private let seen = Mutex<[JSONValue?]>([])

    init(_ model: any Model) { self.model = model }

    var references: [JSONValue?] { seen.withLock(\.self) }

    func model(for reference: JSONValue?) throws -> any Model {
        seen.withLock { $0.append(reference) }
        return model
    }
}

/// A world in which tests run scripts.
struct World {
    var environment: ScriptEnvironment
    let model: ScriptedModel
    private let printed = Printed()

    init(_ replies: [ScriptedModel.Reply] = []) {
        model = ScriptedModel(replies)
        environment = ScriptEnvironment(models: OneModel(model))
        environment.sandbox = BothStrengths.sandbox
        let printed = printed
        environment.output = { printed.add($0) }
        // Tests look nothing up: each name is of the public internet.
        environment.lookUp = { name in
            [IPAddress(name == "localhost" ? "127.0.0.1" : "93.184.216.34")].compactMap(\.self)
        }
    }

    /// What `print` wrote.
    var output: String { printed.text }

    func script(_ source: String, arguments: [String] = []) async throws -> Script {
        try await Script.run(Array(source.utf8), name: "test.lua", arguments: arguments, in: environment)
    }

    /// What `source` returns.
    func value(_ source: String) async throws -> JSONValue? {
        guard case .value(let value) = try await script(source).outcome else {
            Issue.record("expected the script to return a value")
            return nil
        }
        return value
    }

    /// What the error of `source` says.
    func error(_ source: String) async -> String {
        do {
            _ = try await script(source)
            return ""
        } catch {
            return "\(error)"
        }
    }
}

private final class Printed: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// A new folder that is removed in the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("agent-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// The folder of this checkout.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

func contents(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: checkout + "/" + path)))
}

func symlinkForTest(_ target: String, at path: String) {
    try? FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
}
