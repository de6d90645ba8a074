// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

@Suite struct ChatSessionCommandTests {
    /// A server that answers with how many messages it was sent, and the first of them.
    private static func withServer(_ body: (Command) async throws -> Void) async throws {
        let server = try await FakeModelServer.start { request in
            let messages = (try? request.json["messages"]?.arrayValue) ?? []
            return .stream(["\(messages.count) \(messages.first?["role"]?.stringValue ?? "")"])
        }
        try await body(try Command(server: server))
        await server.shutdown()
    }

    private static let chat = ["chat", "--model", "openai:m"]

    @Test func theLastConversationGoesOn() async throws {
        try await Self.withServer { command in
            let first = try await command.run(Self.chat, input: "one\ntwo\n")
            #expect(first.out == "1 user\n3 user\n")
            let second = try await command.run(Self.chat + ["-c"], input: "three\n")
            #expect(second.out == "5 user\n", "\(second.err)")
            #expect(second.err.contains("going on with "))
            let other = try await command.run(Self.chat, input: "new\n")
            #expect(other.out == "1 user\n")
            let list = try await command.run(["chat", "--list"])
            let lines = list.out.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.last?.contains("6 messages") == true && lines.last?.hasSuffix("one") == true, "\(list.out)")
        }
    }

    @Test func conversationsHaveNames() async throws {
        try await Self.withServer { command in
            _ = try await command.run(Self.chat + ["--session", "cats"], input: "one\n")
            _ = try await command.run(Self.chat + ["--session", "dogs"], input: "one\ntwo\n/undo\n")
            let cats = try await command.run(Self.chat + ["--session", "cats"], input: "two\n/reset\nthree\n")
            #expect(cats.out == "3 user\n1 user\n")
            let dogs = try await command.run(Self.chat + ["--session", "dogs"], input: "again\n")
            #expect(dogs.out == "3 user\n")
        }
    }

    @Test func whatNoLongerFitsIsLeftOutAndSaid() async throws {
        try await Self.withServer { command in
            let lines = (1...8).map { "question \($0)\n" }.joined()
            let outcome = try await command.run(
                Self.chat + ["--session", "long", "-q", "--history-tokens", "60"], input: lines)
            #expect(outcome.status == 0)
            #expect(outcome.err.contains("compacted: "), "\(outcome.err)")
            #expect(outcome.out.contains(" system\n"))
            let list = try await command.run(["chat", "--list"])
            #expect(list.out.contains("16 messages"), "\(list.out)")
            // All of it is sent again where it fits.
            let rest = try await command.run(Self.chat + ["--session", "long"], input: "x\n")
            #expect(rest.out.hasSuffix(" system\n"))
        }
    }

    @Test func theTableOfPricesSaysWhatTheModelTakes() async throws {
        try await Self.withServer { command in
            let price = #"{"prices":[{"models":["openai:m"],"context_length":80,"date":"2026-11","source":"a test"}]}"#
            var command = command
            command.variables["XDG_CONFIG_HOME"] = command.folder.path
            try FileManager.default.createDirectory(
                atPath: command.folder.path + "/agent", withIntermediateDirectories: true)
            try command.folder.write(price, to: "agent/prices.json")
            let lines = (1...8).map { "question \($0)\n" }.joined()
            let outcome = try await command.run(Self.chat, input: lines)
            #expect(outcome.err.contains("compacted: "), "\(outcome.err)")
        }
    }

    @Test func theModelMaySumUpWhatIsLeftOut() async throws {
        let server = try await FakeModelServer.start { request in
            let text = String(decoding: request.body, as: UTF8.self)
            return text.contains("Sum up the beginning") ? .completion("They talked of cats.") : .stream(["ok"])
        }
        let command = try Command(server: server)
        let lines = (1...8).map { "question \($0)\n" }.joined()
        let outcome = try await command.run(Self.chat + ["--history-tokens", "60", "--summarize"], input: lines)
        #expect(outcome.err.contains("summary of what was dropped: They talked of cats."), "\(outcome.err)")
        let last = String(decoding: server.requests.last?.body ?? [], as: UTF8.self)
        #expect(last.contains("They talked of cats."))
        await server.shutdown()
    }

    @Test func withoutAConversationThereIsNothingToGoOnWith() async throws {
        try await Self.withServer { command in
            let outcome = try await command.run(Self.chat + ["-c"], input: "x\n")
            #expect(outcome.status == 2)
            let silent = try await command.run(Self.chat + ["--no-journal"], input: "x\n")
            #expect(silent.out == "1 user\n")
            let list = try await command.run(["chat", "--list"])
            #expect(list.err == "no conversations\n")
            let wrong = try await command.run(Self.chat + ["--session", "a/b"], input: "x\n")
            #expect(wrong.status == 2)
        }
    }
}
