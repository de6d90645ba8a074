// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import Testing

/// `--isolate` from the outside.
@Suite struct IsolationCommandTests {
    private static let source = """
        local agent = require "agent"
        print("printed", os.time() > 0)
        local ok, problem = pcall(agent.fs.read, "/etc/hostname")
        return { answer = 6 * 7, ok = ok, problem = problem }
        """

    @Test func theSameScriptSaysTheSame() async throws {
        let command = try Command()
        try command.folder.write(Self.source, to: "task.lua")
        let plain = try await command.run(["run", "task.lua"])
        let isolated = try await command.run(["run", "--isolate", "task.lua"])
        #expect(isolated.status == 0, "\(isolated.err)")
        #expect(isolated.out == plain.out)
        #expect(isolated.out.contains("42"))
        #expect(isolated.out.contains("--allow-read"))
    }

    @Test func errorsHaveTheSamePlace() async throws {
        let command = try Command()
        try command.folder.write("local x = nil\nreturn x.y", to: "task.lua")
        let plain = try await command.run(["run", "task.lua"])
        let isolated = try await command.run(["run", "--isolate", "task.lua"])
        #expect(isolated.status == 1)
        #expect(isolated.err == plain.err)
        #expect(isolated.err.contains("task.lua:2:"))
    }

    @Test func checkLooksAtAFileInAWorker() async throws {
        let command = try Command()
        try command.folder.write(
            "return require('agent').tool { name = 't', description = 'd', effect = 'read', run = print }", to: "t.lua")
        let plain = try await command.run(["check", "t.lua"])
        let isolated = try await command.run(["check", "--isolate", "t.lua"])
        #expect(isolated.status == 0, "\(isolated.err)")
        #expect(isolated.out == plain.out)
    }

    @Test func doctorTriesTheWalls() async throws {
        let outcome = try await Command().run(["doctor", "--json"])
        let isolation = try JSONValue(parsing: Array(outcome.out.utf8))["isolation"]
        #expect(isolation?["holds"]?.boolValue == true, "\(outcome.out)")
        #expect((isolation?["attempts"]?.arrayValue?.count ?? 0) > 30)
    }
}
