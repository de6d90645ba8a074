// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore
import Testing

@Suite struct ChatResponseDecoderTests {
    private func decode(_ text: String) throws -> ModelResponse {
        try ChatResponseDecoder(service: "the server").decode(Array(text.utf8))
    }

    private func decode(message: JSONValue, finishReason: JSONValue = "stop") throws -> ModelResponse {
        try ChatResponseDecoder(service: "the server").decode([
            "choices": [["index": 0, "finish_reason": finishReason, "message": message]]
        ])
    }

    @Test func readsAnAnswer() throws {
        let response = try decode(
            #"{"id":"c1","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","#
                + #""tool_calls":null,"content":"Comté"}}],"usage":{"prompt_tokens":11,"completion_tokens":24,"total_tokens":35,"x":{}}}"#
        )
        #expect(response.id == "c1")
        #expect(response.model == "m")
        #expect(response.message == .assistant("Comté"))
        #expect(response.finishReason == .stop)
        #expect(response.usage == Usage(promptTokens: 11, completionTokens: 24))
    }

    @Test(
        arguments: [
            (["id": "a", "function": ["name": "f", "arguments": "{\"x\": 1}"]], "a", "{\"x\": 1}"),
            (["id": "a", "function": ["name": "f", "arguments": ["x": 1]]], "a", "{\"x\":1}"),
            (["id": "null", "function": ["name": "f", "arguments": ""]], "", ""),
            (["function": ["name": "f", "arguments": .null]], "", ""),
            (["id": .null, "function": ["name": "f"]], "", ""),
        ] as [(JSONValue, String, String)]) func readsCalls(call: JSONValue, id: String, arguments: String) throws
    {
        let response = try decode(message: ["content": "", "tool_calls": [call]], finishReason: "tool_calls")
        #expect(response.message.toolCalls == [ToolCall(id: id, name: "f", arguments: arguments)])
        #expect(response.message.content == [])
        #expect(response.finishReason == .toolCalls)
    }

    @Test func keepsParallelCallsApart() throws {
        for indices in [[0, 1], [0, 0]] as [[Int64]] {
            let calls = zip(["a", "b"], indices).map { id, index -> JSONValue in
                ["id": .string(id), "index": .integer(index), "function": ["name": "f", "arguments": "{}"]]
            }
            #expect(try decode(message: ["tool_calls": .array(calls)]).message.toolCalls.map(\.id) == ["a", "b"])
        }
        let unnamed: JSONValue = ["function": ["name": "f", "arguments": "{}"]]
        #expect(try decode(message: ["tool_calls": [unnamed, unnamed]]).message.toolCalls.count == 2)
    }

    /// Calls without ids under one index were taken for fragments of one call, with the arguments `{}{}`.
    @Test func keepsWholeCallsApartWhateverTheirIndex() throws {
        let call: JSONValue = ["index": 0, "function": ["name": "f", "arguments": "{}"]]
        let same: JSONValue = ["id": "a", "index": 0, "function": ["name": "f", "arguments": "{}"]]
        for calls in [[call, call], [same, same], [call, same]] as [[JSONValue]] {
            let decoded = try decode(message: ["tool_calls": .array(calls)]).message.toolCalls
            #expect(decoded.map(\.arguments) == ["{}", "{}"])
        }
    }

    /// Where tools run on the provider's side, a choice has a list of messages in place of one.
    @Test func findsTheAnswerAmongMessages() throws {
        let messages: JSONValue = [
            ["role": "assistant", "content": "Let me see."], ["role": "tool", "content": "12:00"],
            ["content": "It is noon."], ["role": "tool", "content": "log"],
        ]
        let choice: JSONValue = ["finish_reason": "stop", "message": .null, "messages": messages]
        let decoder = ChatResponseDecoder(service: "the server")
        #expect(try decoder.decode(["choices": [choice]]).message == .assistant("It is noon."))
        #expect(throws: ModelError.self) {
            try decoder.decode(["choices": [["message": .null, "messages": [["role": "tool", "content": "log"]]]]])
        }
    }

    @Test(arguments: ["stop", "length", "model_length", "error", "tool_calls", "content_filter"])
    func keepsEveryFinishReason(word: String) throws {
        #expect(try decode(message: ["content": "x"], finishReason: .string(word)).finishReason.rawValue == word)
    }

    @Test func findsAMissingFinishReason() throws {
        #expect(try decode(message: ["content": "x"], finishReason: .null).finishReason == .stop)
        let calls: JSONValue = [["function": ["name": "f"]]]
        #expect(try decode(message: ["tool_calls": calls], finishReason: .null).finishReason == .toolCalls)
    }

    @Test func readsContentOfEveryForm() throws {
        #expect(try decode(message: ["content": .null]).message.content == [])
        #expect(try decode(message: [:]).message.content == [])
        let thinking: JSONValue = ["type": "thinking", "thinking": [["type": "text", "text": "hm"]], "closed": true]
        let unknown: JSONValue = ["type": "hologram", "x": 1]
        let response = try decode(message: [
            "content": [thinking, ["type": "text", "text": "a"], unknown, ["type": "text", "text": "b"]]
        ])
        #expect(response.message.content == [.thinking("hm", raw: thinking), .text("a"), .raw(unknown), .text("b")])
        let reasoning = try decode(message: ["content": "a", "reasoning_content": "because"])
        #expect(reasoning.message.content == [.thinking("because", raw: nil), .text("a")])
    }

    @Test func toleratesMissingAndOddUsage() throws {
        #expect(try decode(message: ["content": "x"]).usage == nil)
        #expect(try decode(#"{"choices":[{"message":{"content":"x"}}],"usage":null}"#).usage == nil)
        let odd = try decode(
            #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":-1,"completion_tokens":2.0}}"#)
        #expect(odd.usage == Usage(promptTokens: 0, completionTokens: 2))
    }

    @Test(arguments: [
        ("", "empty body"), (" \n", "empty body"), ("<html><body>secret</body></html>", "HTML"), ("hello", "not JSON"),
        ("[]", "no list of choices"), ("{}", "no list of choices"), (#"{"choices":[]}"#, "empty list of choices"),
        (#"{"choices":[{}]}"#, "without a message"), ("{\"choices\":[{\"message\":{}}", "not JSON"),
    ]) func tellsWhatIsNoAnswer(body: String, words: String) throws {
        let error = #expect(throws: ModelError.self) { try decode(body) }
        #expect(error?.code == .invalidResponse)
        #expect(error?.message.contains(words) == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func tellsAnErrorObjectInASuccess() {
        let error = #expect(throws: ModelError.self) {
            try decode(#"{"error":{"message":"out of memory","code":500}}"#)
        }
        #expect(error?.code == .server)
        #expect(error?.message.contains("out of memory") == true)
    }

    @Test func survivesAnyBytes() {
        var random = SeededRandom(seed: 3)
        let whole = Array(
            #"{"choices":[{"message":{"content":[{"type":"text","text":"x"}],"tool_calls":[{"id":"1"}]}}]}"#.utf8)
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            _ = try? ChatResponseDecoder(service: "s").decode(bytes)
        }
    }
}
