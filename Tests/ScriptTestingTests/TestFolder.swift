// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import LuaAgents
import ScriptTesting

/// A folder with a test file and what it runs.
final class TestFolder: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = TestFinder.real(NSTemporaryDirectory()) + "/script-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    /// Runs `source` as `x_test.lua` of this folder: the results of its tests.
    func run(
        _ source: String, in world: TestWorld = TestWorld(live: ScriptEnvironment(models: NoModel()), timeout: 3600)
    ) async throws -> [TestResult] {
        let file = TestFile(
            path: "x_test.lua", folder: path, source: Array("local agent = require 'agent'\n\(source)".utf8))
        let run = TestFileRun(file, in: world)
        var results: [TestResult] = []
        for test in try await run.tests() { results.append(try await run.run(test)) }
        return results
    }

    /// Runs the body of one test.
    func test(_ body: String, in world: TestWorld? = nil) async throws -> TestResult {
        let world = world ?? TestWorld(live: ScriptEnvironment(models: NoModel()), timeout: 3600)
        return try await run("agent.test('it', function(t)\n\(body)\nend)", in: world)[0]
    }
}

struct NoModel: ModelProvider {
    func model(for reference: JSONValue?) throws -> any Model { throw ModelError(.configuration, "no model here") }
}

extension TestResult {
    /// The failures in one line each.
    var said: [String] { failures.map(\.description) }
}
