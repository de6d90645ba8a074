// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Testing

@Suite("Structured output on the command line")
struct StructuredOutputCommandTests {
    private static let book = #"{"name":"Emma","authors":["Jane Austen"]}"#

    /// Asks with `flags`; the model gives `answers` in turn.
    private func ask(
        _ flags: [String], answers: [String], finish: String = "stop"
    ) async throws -> (outcome: Outcome, requests: [JSONValue]) {
        let server = try await FakeModelServer.start { request in
            let answer = answers[min(request.index, answers.count - 1)]
            let message: JSONValue = ["role": "assistant", "content": .string(answer)]
            let body: JSONValue = [
                "id": "1", "object": "chat.completion", "model": "mock",
                "choices": [["index": 0, "message": message, "finish_reason": .string(finish)]],
                "usage": ["prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10],
            ]
            return .json(body)
        }
        let command = try Command(server: server)
        try command.folder.write(
            #"{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}"#, to: "s.json")
        let outcome = try await command.run(["ask", "--model", "mistral:mock", "--no-stream"] + flags + ["hi"])
        let requests = try server.requests.map { try $0.json }
        await server.shutdown()
        return (outcome, requests)
    }

    @Test(
        "prints the value and sends the schema",
        arguments: [
            "name, authors[]", "s.json", #"{"type":"object","properties":{"name":{"type":"string"}}}"#,
        ])
    func valid(schema: String) async throws {
        let (outcome, requests) = try await ask(["--schema", schema], answers: [Self.book])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == Self.book + "\n")
        #expect(requests[0]["response_format"]?["json_schema"]?["schema"]?["properties"]?["name"] != nil)
    }

    @Test("prints JSON alone when the model wraps it in a fence")
    func fenced() async throws {
        let (outcome, _) = try await ask(
            ["--schema", "name, authors[]"], answers: ["Sure!\n```json\n\(Self.book)\n```"])
        #expect(outcome.out == Self.book + "\n")
    }

    @Test("is repaired once")
    func repaired() async throws {
        let (outcome, requests) = try await ask(["--schema", "name, authors[]"], answers: ["Emma", Self.book])
        #expect(outcome.status == 0)
        #expect(outcome.out == Self.book + "\n")
        #expect(requests.count == 2)
        #expect(requests[1]["messages"]?.arrayValue?.count == 1)
    }

    @Test("that stays wrong is exit 4, with both attempts on stderr and nothing on stdout")
    func wrong() async throws {
        let (outcome, _) = try await ask(["--schema", "name, authors[]"], answers: ["Emma", #"{"name":7}"#])
        #expect(outcome.status == 4)
        #expect(outcome.out == "")
        #expect(outcome.err.contains("attempt 1: Emma"))
        #expect(outcome.err.contains(#"attempt 2: {"name":7}"#))
        #expect(outcome.err.contains("/name: must be a string, but is 7"), "\(outcome.err)")
    }

    @Test("that is cut off is exit 4")
    func truncated() async throws {
        let (outcome, requests) = try await ask(["--schema", "name"], answers: [#"{"name":"#], finish: "length")
        #expect(outcome.status == 4)
        #expect(outcome.out == "")
        #expect(outcome.err.contains("raise max_tokens"))
        #expect(requests.count == 1)
    }

    @Test(
        "is refused before anything is sent when its schema is wrong",
        arguments: [
            ("name, , authors[", "column"), ("missing.json", "No such file"), (#"{"type":"oops"}"#, "type"),
            ("{", "line 1"),
            ("dir/name", "No such file"),
        ])
    func badSchema(schema: String, words: String) async throws {
        let (outcome, requests) = try await ask(["--schema", schema], answers: [Self.book])
        #expect(outcome.status == 2)
        #expect(outcome.err.contains(words), "\(outcome.err)")
        #expect(requests.isEmpty)
    }

    @Test("that a limit left unfinished keeps the file that -o would have replaced")
    func unfinishedKeepsTheFile() async throws {
        let server = try await FakeModelServer.start { _ in
            .json([
                "choices": [
                    [
                        "index": 0, "finish_reason": "tool_calls",
                        "message": [
                            "role": "assistant", "content": "Let me look.",
                            "tool_calls": [
                                [
                                    "id": "abcdefghi",
                                    "function": ["name": "calculator", "arguments": "{\"expression\":\"1\"}"],
                                ]
                            ],
                        ],
                    ]
                ],
                "usage": ["prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10],
            ])
        }
        let command = try Command(server: server)
        try command.folder.write("{\"good\":1}", to: "keep.json")
        let outcome = try await command.run([
            "ask", "--model", "mistral:mock", "--no-stream", "-t", "calculator", "--turns", "2", "--schema", "name",
            "-o",
            "keep.json", "hi",
        ])
        await server.shutdown()
        #expect(outcome.status == 5, "\(outcome.err)")
        #expect(outcome.out.isEmpty)
        #expect(outcome.err.contains("unfinished: Let me look."))
        #expect(try command.folder.read("keep.json") == "{\"good\":1}")
    }
}
