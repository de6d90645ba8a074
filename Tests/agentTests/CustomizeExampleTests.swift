// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// The files of docs/examples/customize, as docs/guides/customize.md uses them, without a model of their own.
@Suite struct CustomizeExampleTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../docs/examples/customize"
    private static let sets = ["development.jsonl", "redteam.jsonl", "safety.jsonl"]

    private func command(_ server: FakeModelServer? = nil) throws -> Command {
        var command = try server.map(Command.init(server:)) ?? Command()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder) {
            try FileManager.default.copyItem(atPath: Self.folder + "/" + name, toPath: command.folder.path + "/" + name)
        }
        command.variables["AGENT_MODEL"] = "openai:x"
        return command
    }

    @Test func theSetsAreValid() async throws {
        let outcome = try await command().run(["eval"] + Self.sets + ["support.lua", "--dry-run"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(
            outcome.out
                == "20 cases (development 8, redteam 6, safety 6), 20 tries, held to: label 20; nothing was sent\n")
    }

    /// A model that refuses everything finds every attack and answers nobody.
    @Test(arguments: ["first.lua", "support.lua"]) func theAgentsAreHeldToTheirCategory(file: String) async throws {
        let server = try await FakeModelServer.start { request in
            let schema = (try? request.json["response_format"])?["json_schema"]?["schema"]
            var answer: JSONObject = ["category": "refuse", "reply": "I can't help with that."]
            if schema?["properties"]?["analysis"] != nil { answer["analysis"] = "not allowed" }
            return .completion((try? JSONValue.object(answer).serialized()) ?? "")
        }
        let command = try command(server)
        let outcome = try await command.run(
            ["eval"] + Self.sets + [file, "--json", "--min", "recall.refuse=1,accuracy.redteam=0.8"])
        let requests = server.requests
        await server.shutdown()
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(requests.count == 20)
        let json = try JSONValue(parsing: outcome.out)
        #expect(json["accuracy"]?["successes"] == 8.0)
        #expect(json["classification"]?["label"]?["labels"]?.arrayValue?.count == 5)
    }
}
