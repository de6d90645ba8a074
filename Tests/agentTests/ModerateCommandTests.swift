// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// `agent moderate` against a stand-in of the Mistral API.
@Suite struct ModerateCommandTests {
    private static let verdicts: @Sendable (FakeRequest) async -> FakeReply = { request in
        let input = (try? request.json["input"]) ?? .null
        let isBad = input == ["kill"] || request.path.contains("chat")
        let verdict: JSONValue = [
            "categories": ["violence_and_threats": .bool(isBad), "pii": false],
            "category_scores": ["violence_and_threats": .number(isBad ? 0.91 : 0.01), "pii": 0.3],
        ]
        return .json(["id": "mod-1", "model": "mistral-moderation-2603", "results": [verdict]])
    }

    @Test func moderateExitsWith7WhenSomethingIsFlagged() async throws {
        let (bad, _, _) = try await Command.served(["moderate", "kill"], reply: Self.verdicts)
        #expect((bad.status, bad.out) == (7, "flagged\tviolence_and_threats 0.91\tkill\n"), "\(bad.err)")
        let (good, _, _) = try await Command.served(["moderate", "hello"], reply: Self.verdicts)
        #expect((good.status, good.out) == (0, "ok\t\thello\n"), "\(good.err)")
    }

    @Test func thresholdsReplaceTheProvidersVerdict() async throws {
        let (strict, _, _) = try await Command.served(
            ["moderate", "--threshold", "pii=0.2", "hello"], reply: Self.verdicts)
        #expect((strict.status, strict.out) == (7, "flagged\tpii 0.3\thello\n"), "\(strict.err)")
        let (lax, _, _) = try await Command.served(["moderate", "--threshold", "0.95", "kill"], reply: Self.verdicts)
        #expect((lax.status, lax.out) == (0, "ok\t\tkill\n"), "\(lax.err)")
        let (foreign, _, _) = try await Command.served(
            ["moderate", "--threshold", "pi=0.2", "hello"], reply: Self.verdicts)
        #expect(foreign.status == 2)
        #expect(foreign.err.contains("has no category \"pi\"; there are violence_and_threats, pii"), "\(foreign.err)")
    }

    /// A verdict a text: bad are texts with "kill" in them.
    private static let verdictsByText: @Sendable (FakeRequest) async -> FakeReply = { request in
        let texts = ((try? request.json["input"])?.flatMap(\.arrayValue) ?? []).compactMap(\.stringValue)
        let results = texts.map { text -> JSONValue in
            let isBad = text.contains("kill")
            return [
                "categories": ["violence": .bool(isBad), "law": .bool(isBad)],
                "category_scores": ["violence": isBad ? 0.75 : 0.0, "law": isBad ? 0.5 : 0.0],
            ]
        }
        return .json(["id": "mod-1", "model": "m", "results": .array(results)])
    }

    @Test func moderateJudgesFilesALineEach() async throws {
        let long = String(repeating: "x", count: 9000) + " kill"
        let (outcome, requests, _) = try await Command.served(
            ["moderate", "a.txt", "long.txt", "-f", "c.md"],
            files: ["a.txt": "hello", "long.txt": long, "c.md": "kill"],
            reply: Self.verdictsByText)
        #expect(
            outcome.out
                == "ok\t\ta.txt\nflagged\tviolence 0.75, law 0.5\tlong.txt\nflagged\tviolence 0.75, law 0.5\tc.md\n",
            "\(outcome.err)")
        #expect(outcome.status == 7)
        #expect(
            try requests.map { try $0.json["input"]?.arrayValue?.count } == [4], "one request, the long text in pieces")
    }

    @Test func moderateTakesATextALine() async throws {
        let lines = "\"hello\"\n\n{\"id\": 7, \"text\": \"kill\"}\r\n{\"input\": \"fine\"}"
        let (outcome, _, _) = try await Command.served(
            ["moderate", "--lines", "--jsonl", "t.jsonl"], files: ["t.jsonl": lines], reply: Self.verdictsByText)
        #expect(outcome.status == 7, "\(outcome.err)")
        let values = try outcome.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(values.map { $0["name"] } == ["t.jsonl:1", "t.jsonl:3", "t.jsonl:4"])
        #expect(values.map { $0["flagged"] } == [false, true, false])
        #expect(values[1]["id"] == 7)
        #expect(values[1]["found"] == ["violence", "law"])
        #expect(values[1]["category_scores"]?["law"] == 0.5)
        #expect(values[1]["seconds"]?.doubleValue != nil)
        let many = (0..<70).map { "\"text \($0)\"" }.joined(separator: "\n")
        let (all, requests, _) = try await Command.served(
            ["moderate", "--lines", "-"], input: many, reply: Self.verdictsByText)
        #expect(all.status == 0 && all.out.split(separator: "\n").count == 70, "\(all.err)")
        #expect(try requests.map { try $0.json["input"]?.arrayValue?.count } == [32, 32, 6])
    }

    @Test func moderateIgnoresAndSelectsCategories() async throws {
        let cases = [
            (["--ignore", "law,violence"], 0, "ok\t\tkill\n"), (["--only", "law"], 7, "flagged\tlaw 0.5\tkill\n"),
            (["--ignore", "violence", "--threshold", "0.6"], 0, "ok\t\tkill\n"),
        ]
        for (flags, status, line) in cases {
            let (outcome, _, _) = try await Command.served(["moderate"] + flags + ["kill"], reply: Self.verdictsByText)
            #expect((outcome.status, outcome.out) == (Int32(status), line), "\(outcome.err)")
        }
        let (foreign, _, _) = try await Command.served(
            ["moderate", "--only", "lwa", "kill"], reply: Self.verdictsByText)
        #expect(foreign.status == 2 && foreign.err.contains("--only: m has no category \"lwa\""), "\(foreign.err)")
    }

    /// Whoever cannot judge does not say 0.
    @Test func moderateFailsWhenItCannotJudge() async throws {
        let replies: [(FakeReply, Int32)] = [
            (.json(["results": []]), 8), (.json(["detail": "Unauthorized"], status: 401), 3), (FakeReply(text: "{"), 8),
            (.json(["results": [["categories": [:], "category_scores": [:]]]]), 8),
            (.json(["results": [["category_scores": ["violence": 0.9]]]]), 8),
        ]
        for (reply, status) in replies {
            let (outcome, _, _) = try await Command.served(["moderate", "hello"]) { _ in reply }
            #expect(outcome.status == status, "\(outcome.err)")
            #expect(outcome.out.isEmpty)
        }
    }

    @Test func moderateNamesTheFileItCannotRead() async throws {
        let command = try Command()
        try Data([0x61, 0xFF]).write(to: URL(fileURLWithPath: command.folder.path + "/bad.txt"))
        try command.folder.write("\"a\"\n[1]\n", to: "t.jsonl")
        let cases = [
            (["bad.txt"], "bad.txt is not UTF-8"), (["none.txt"], "none.txt: there is no such file"),
            (["-f", "none"], "none: No such file"), (["folder/none"], "folder/none: there is no such file"),
            (["--lines", "t.jsonl"], "t.jsonl:2: expected a JSON string"),
            (["--lines", "no"], "no: there is no such file"),
        ]
        for (arguments, says) in cases {
            let outcome = try await command.run(["moderate"] + arguments)
            #expect(outcome.status == 2, "\(outcome.err)")
            #expect(outcome.err.contains(says), "\(outcome.err)")
        }
    }

    /// Any chat model judges by any categories; here by a word, as its server tells no tokens.
    @Test func moderateByAChatModel() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["moderate", "--model", "openai:m", "--categories", "fraud,spoilers", "--jsonl", "He dies at the end."]
        ) { _ in .completion(#"{"category":"spoilers"}"#) }
        #expect(outcome.status == 7, "\(outcome.err)")
        let value = try JSONValue(parsing: outcome.out)
        #expect(value["found"] == ["spoilers"] && value["category_scores"] == ["fraud": 0.0, "spoilers": 1.0])
        #expect(requests.count == 1)
        #expect(try requests[0].json["logprobs"] == nil, "who does not tell tokens is not asked for them")
        let (dry, sent, _) = try await Command.served(["moderate", "--model", "local", "--dry-run", "hello"]) { _ in
            .json([:])
        }
        #expect(dry.status == 0 && sent.isEmpty, "\(dry.err)")
        #expect(dry.out.contains("list of moderation categories") && dry.out.contains("physical harm"), "\(dry.out)")
    }

    @Test func moderateTakesAConversation() async throws {
        let (outcome, requests, folder) = try await Command.served(
            ["moderate", "--json", "-o", "out.json", "--conversation", "c.json"],
            files: ["c.json": #"[{"role":"user","content":"hi"},{"role":"assistant","content":"kill"}]"#],
            reply: Self.verdicts)
        #expect(outcome.status == 7, "\(outcome.err)")
        #expect(try JSONValue(parsing: try folder.read("out.json"))["results"]?[0]?["flagged"] == true)
        #expect(requests[0].path == "/v1/chat/moderations")
    }
}
