// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import JSONCore
import Testing

@Suite struct ChatStreamDecoderTests {
    private func decode(_ events: [String]) throws -> (ModelResponse, [ModelEvent]) {
        var decoder = ChatStreamDecoder(service: "the server")
        var seen: [ModelEvent] = []
        for event in events { seen += try decoder.receive(ServerSentEvent(data: Array(event.utf8))) }
        return (try decoder.finish(), seen)
    }

    private func delta(_ delta: JSONValue, _ finishReason: JSONValue = .null) throws -> String {
        try JSONValue.object([
            "id": "c1", "model": "m", "choices": [["index": 0, "delta": delta, "finish_reason": finishReason]],
        ]).serialized()
    }

    @Test func joinsText() throws {
        let (response, seen) = try decode([
            try delta(["role": "assistant", "content": ""]), try delta(["content": "3"]),
            try delta(["content": "84"], "stop"),
            #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#, "[DONE]",
        ])
        #expect(response.message == .assistant("384"))
        #expect(seen == [.text("3"), .text("84")])
        #expect(response.usage == Usage(promptTokens: 1, completionTokens: 2))
        #expect(response.id == "c1")
    }

    @Test func mergesFragmentsByIndex() throws {
        func fragment(_ index: Int64, _ arguments: String) throws -> String {
            try delta(["tool_calls": [["index": .integer(index), "function": ["arguments": .string(arguments)]]]])
        }
        let (response, _) = try decode([
            try delta(["tool_calls": [["index": 0, "id": "a", "function": ["name": "f", "arguments": ""]]]]),
            try fragment(0, "{\"x\""),
            try delta(["tool_calls": [["index": 1, "id": "b", "function": ["name": "g", "arguments": "{"]]]]),
            try fragment(0, ":1}"), try fragment(1, "}"), try delta([:], "tool_calls"), "[DONE]",
        ])
        #expect(
            response.message.toolCalls == [
                ToolCall(id: "a", name: "f", arguments: "{\"x\":1}"), ToolCall(id: "b", name: "g", arguments: "{}"),
            ])
        #expect(response.finishReason == .toolCalls)
    }

    @Test func takesFragmentsThatRepeatIDAndName() throws {
        let piece: JSONValue = ["index": 0, "id": "a", "function": ["name": "f", "arguments": "1"]]
        let (response, _) = try decode([
            try delta(["tool_calls": [piece]]), try delta(["tool_calls": [piece]], "tool_calls"),
        ])
        #expect(response.message.toolCalls == [ToolCall(id: "a", name: "f", arguments: "11")])
    }

    @Test func takesWholeCallsUnderOneIndex() throws {
        let (response, _) = try decode([
            try delta(["tool_calls": [["id": "a", "function": ["name": "f", "arguments": "{}"]]]]),
            try delta(["tool_calls": [["id": "b", "function": ["name": "f", "arguments": ["x": 1]]]]], "tool_calls"),
        ])
        #expect(response.message.toolCalls.map(\.id) == ["a", "b"])
        #expect(response.message.toolCalls.last?.arguments == "{\"x\":1}")
    }

    @Test func takesFragmentsWithoutIndexAndID() throws {
        let (response, _) = try decode([
            try delta(["tool_calls": [["function": ["name": "f", "arguments": "{"]]]]),
            try delta(["tool_calls": [["function": ["arguments": "}"]]]]),
            try delta(["tool_calls": [["function": ["name": "g", "arguments": "{}"]]]], "tool_calls"),
        ])
        #expect(response.message.toolCalls.map(\.arguments) == ["{}", "{}"])
        #expect(response.message.toolCalls.map(\.id) == ["", ""])
    }

    @Test func joinsThoughtsIntoOneChunk() throws {
        func thought(_ text: String) -> JSONValue {
            ["type": "thinking", "thinking": [["type": "text", "text": .string(text)]]]
        }
        let closed: JSONValue = ["type": "thinking", "thinking": [], "closed": true, "signature": "s"]
        let (response, seen) = try decode([
            try delta(["content": [thought("a")]]), try delta(["content": [thought("b")]]),
            try delta(["content": [closed, ["type": "text", "text": "c"]]]), try delta(["content": "d"], "stop"),
        ])
        let whole: JSONValue = [
            "type": "thinking", "thinking": [["type": "text", "text": "ab"]], "closed": true, "signature": "s",
        ]
        #expect(response.message.content == [.thinking("ab", raw: whole), .text("cd")])
        #expect(seen == [.thinking("a"), .thinking("b"), .text("c"), .text("d")])
    }

    @Test func takesReasoningBesideTheContent() throws {
        let (response, seen) = try decode([
            try delta(["reasoning_content": "a"]), try delta(["reasoning_content": "b", "content": .null]),
            try delta(["content": "c"], "stop"),
        ])
        #expect(response.message.content == [.thinking("ab", raw: nil), .text("c")])
        #expect(seen == [.thinking("a"), .thinking("b"), .text("c")])
    }

    @Test func keepsUnknownChunks() throws {
        let (response, _) = try decode([try delta(["content": [["type": "reference", "reference_ids": [1]]]], "stop")])
        #expect(response.message.content == [.raw(["type": "reference", "reference_ids": [1]])])
    }

    @Test func needsNoDoneAfterAFinishReason() throws {
        #expect(try decode([try delta(["content": "x"], "length")]).0.finishReason == .length)
    }

    @Test func needsNoFinishReasonBeforeDone() throws {
        #expect(try decode([try delta(["content": "x"]), "[DONE]"]).0.finishReason == .stop)
    }

    @Test func tellsACutAndKeepsTheText() throws {
        let error = #expect(throws: ModelError.self) { try decode([try delta(["content": "half"])]) }
        #expect(error?.code == .cut)
        #expect(error?.partialText == "half")
    }

    @Test func tellsAStreamWithoutAnAnswer() {
        for events in [[], ["[DONE]"], ["{}"], [#"{"choices":[]}"#, "[DONE]"]] {
            #expect(throws: ModelError.self) { try decode(events) }
        }
    }

    @Test(arguments: [
        #"{"error":{"message":"boom","type":"server_error","code":500}}"#,
        #"{"object":"error","message":"boom","code":"1000"}"#,
        #"{"error":"boom"}"#, #"{"error":"e","reason":"boom"}"#,
    ]) func tellsAnErrorEvent(event: String) throws {
        let error = #expect(throws: ModelError.self) { try decode([try delta(["content": "half"]), event]) }
        #expect(error?.code == .server)
        #expect(error?.partialText == "half")
        #expect(error?.message.contains("boom") == true)
    }

    @Test func tellsAnEventThatIsNotJSON() throws {
        let error = #expect(throws: ModelError.self) { try decode([try delta(["content": "half"]), "{oops"]) }
        #expect(error?.code == .invalidResponse)
        #expect(error?.partialText == "half")
    }

    @Test func repairsBytesThatAreNotUTF8() throws {
        var decoder = ChatStreamDecoder(service: "s")
        let bytes =
            Array(#"{"choices":[{"delta":{"content":"a"#.utf8) + [0xFF] + Array(#""},"finish_reason":"stop"}]}"#.utf8)
        _ = try decoder.receive(ServerSentEvent(data: bytes))
        #expect(try decoder.finish().message.text == "a\u{FFFD}")
    }

    @Test func usesTheFirstOfSeveralChoices() throws {
        let (response, _) = try decode([
            #"{"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"yes"},"finish_reason":"stop"}]}"#
        ])
        #expect(response.message.text == "yes")
    }
}
