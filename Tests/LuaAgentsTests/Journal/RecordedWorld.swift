// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import JSONCore
import LuaAgents
import Testing

/// Runs one script again and again against one journal, each time in a world of its own but for the folder.
struct RecordedWorld {
    let source: String
    let replies: @Sendable () -> [ScriptedModel.Reply]
    private let scratch: TemporaryFolder
    var folder: String { scratch.path }

    init(_ source: String, _ replies: @escaping @Sendable () -> [ScriptedModel.Reply] = { [] }) throws {
        self.source = source
        self.replies = replies
        scratch = try TemporaryFolder()
    }

    struct Result {
        var value: JSONValue?
        var output: String
        /// How often the model was asked.
        var asked: Int
    }

    /// Runs the script on the line of `recorder`. A model that was asked before goes on where it was.
    func run(
        _ recorder: RunRecorder, asked before: Int = 0, source: String? = nil, ledger: UsageLedger? = nil
    ) async throws -> Result {
        var world = World(Array(replies().dropFirst(before)))
        world.environment.ledger = ledger
        world.environment.grants = Grants(read: .only([folder]), write: .only([folder]), exec: .only(["sh"]))
        world.environment.approver = ApproveAll()
        let text = (source ?? self.source).replacing("FOLDER", with: folder)
        let running = world
        let root = recorder.root()
        let value = try await root.run { try await running.value(text) }
        if recorder.mode != .record { try recorder.checkComplete() }
        return Result(value: value, output: world.output, asked: world.model.requests.count)
    }

    func content(_ name: String) -> String { (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "" }

    func clean() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    static func info() -> RunInfo {
        var info = RunInfo(id: "test")
        info.seed = 7
        return info
    }
}
