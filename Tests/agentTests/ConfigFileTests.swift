// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import FakeModelServer
import Foundation
import JSONCore
import Testing

@testable import agent

@Suite struct ConfigFileTests {
    @Test func plainValuesAreRead() throws {
        let file = try ConfigFile(
            path: "c", text: "# mine\nmodel = \"local\" # default\n\nturns = 1_0\ntimeout = 2.5\nsafe_prompt = true\r\n"
        )
        #expect(file.string("model") == "local")
        #expect(try file.integer("turns", from: 1) == 10)
        #expect(try file.number("timeout", over: 0) == 2.5)
        #expect(file.bool("safe_prompt") == true)
    }

    @Test(arguments: [
        ("model", "key = value"), ("model = local", "string in quotes"), ("model = \"a", "does not end"),
        ("model = \"a\" b", "end of the line"), ("modle = \"a\"", "unknown setting 'modle'"),
        ("turns = \"3\"", "turns: expected an integer"), ("turns = 1\nturns = 2", "set twice"),
        ("[a]", "unknown table 'a'"),
        ("turns = [1]", "string in quotes"), ("timeout = inf", "string in quotes"),
    ])
    func aMistakeIsNamedWithItsLine(text: String, says: String) {
        let error = #expect(throws: ConfigurationError.self) { try ConfigFile(path: "c", text: text) }
        #expect(error?.description.hasPrefix("c:") == true)
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    private func decisions(_ text: String) throws -> [ApprovalPolicy.Decision?] {
        let policy = try ConfigFile(path: "c", text: text).approvals.policy
        return [("save", ToolDefinition.Effect.write), ("rm", .final), ("load", .read)].map {
            policy.decision(for: ToolDefinition(name: $0.0, effect: $0.1))
        }
    }

    @Test func approvalsAreATable() throws {
        let text = "turns = 3\n [ approvals ] # mine\nwrite = \"ask\"\n\"tool:save\" = \"deny\"\n'read'='allow'\n"
        #expect(try decisions(text) == [.deny, nil, .allow], "a rule for a tool comes before one for its effect")
        #expect(try decisions("[approvals]\n") == [nil, nil, nil])
    }

    @Test(arguments: [
        ("[approvals]\nwrite = \"yes\"", "c:2: approvals: write: expected \"allow\", \"ask\" or \"deny\""),
        ("[approvals]\nwrite = true", "expected \"allow\""), ("[approvals]\nexec = \"ask\"", "found 'exec'"),
        ("[approvals]\n\"tool:a b\" = \"ask\"", "found 'tool:a b'"), ("[approvals]\n\"write = \"ask\"", "expected"),
        ("[approvals]\nread = \"ask\"\nread = \"deny\"", "c:3: approvals: 'read' is set twice"),
        ("[approvals]\n[approvals]", "set twice"), ("[approvals", "expected a table"),
        ("[[approvals]]", "expected a table"),
        ("[approvals] x", "expected a table"), ("[approvals]\nturns = 3", "found 'turns'"),
        ("\"model\" \"a\"", "expected '='"),
    ])
    func aMistakeInTheTableIsNamed(text: String, says: String) {
        let error = #expect(throws: ConfigurationError.self) { try ConfigFile(path: "c", text: text) }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func flagsBeatTheEnvironmentAndThatBeatsTheFile() async throws {
        let server = try await FakeModelServer.start { request in
            .completion((try? request.json["model"]?.stringValue) ?? "")
        }
        var command = try Command(server: server)
        command.variables["XDG_CONFIG_HOME"] = command.folder.path
        try FileManager.default.createDirectory(
            atPath: command.folder.path + "/agent", withIntermediateDirectories: true)
        try command.folder.write("model = \"openai:file\"\n", to: "agent/config.toml")
        #expect(try await command.run(["ask", "--no-stream", "hi"]).out == "file\n")
        command.variables["AGENT_MODEL"] = "openai:environment"
        #expect(try await command.run(["ask", "--no-stream", "hi"]).out == "environment\n")
        #expect(try await command.run(["ask", "--no-stream", "--model", "openai:flag", "hi"]).out == "flag\n")
        try command.folder.write("model = 7\n", to: "agent/config.toml")
        let outcome = try await command.run(["ask", "hi"])
        #expect(outcome.status == 3 && outcome.err.contains("config.toml:1:"), "\(outcome.err)")
        await server.shutdown()
    }
}
