// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPTypes
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct ConversationStreamTests {
    private func turn(_ text: String) async throws -> (turn: ConversationTurn, text: String)? {
        var result: (ConversationTurn, String)?
        try await withClient { _ in
            FakeReply(headers: [("content-type", "text/event-stream")], text: text)
        } _: { client, _ in
            var text = ""
            let request = ConversationRequest("hi", model: "m", streams: true)
            let turn = try await MistralConversations(client: client).start(request) { text += $0 }
            result = (turn, text)
        }
        return result
    }

    private func event(_ type: String, _ data: String) -> String { "event: \(type)\ndata: \(data)\n\n" }

    // As the official SDK does.
    @Test func takesALastEventWithoutItsEmptyLine() async throws {
        let text =
            event("message.output.delta", #"{"type":"message.output.delta","id":"m1","content":"Hi"}"#)
            + "event: conversation.response.done\ndata: {\"type\":\"conversation.response.done\",\"usage\":null}"
        for ending in ["", "\n"] {
            let result = try #require(try await turn(text + ending))
            #expect(result.turn.text == "Hi")
        }
    }

    @Test func putsTheArgumentsOfAToolTogether() async throws {
        let result = try #require(
            try await turn(
                event("tool.execution.started", #"{"id":"t","name":"web_search","arguments":"{\"q\""}"#)
                    + event("tool.execution.delta", #"{"id":"t","name":"web_search","arguments":":\"x\""}"#)
                    + event("tool.execution.delta", #"{"id":"t","name":"web_search","arguments":"}"}"#)
                    + event("tool.execution.done", #"{"id":"t","name":"web_search","info":{}}"#)
                    + event("conversation.response.done", "{}")))
        #expect(result.turn.outputs.first?["arguments"] == #"{"q":"x"}"#)
    }

    // The sources of a search come as chunks among the text.
    @Test func keepsReferencesAmongTheText() async throws {
        let reference: JSONValue = ["type": "tool_reference", "tool": "web_search", "title": "T", "url": "https://x"]
        let result = try #require(
            try await turn(
                event("message.output.delta", #"{"id":"m","content":"a"}"#)
                    + event("message.output.delta", #"{"id":"m","content":\#(try reference.serialized())}"#)
                    + event("message.output.delta", #"{"id":"m","content":"b"}"#)
                    + event("message.output.delta", #"{"id":"m","content":{"type":"text","text":"c"}}"#)
                    + event("conversation.response.done", "{}")))
        #expect(result.text == "abc")
        #expect(result.turn.text == "abc")
        #expect(
            result.turn.outputs.first?["content"] == [
                ["type": "text", "text": "a"], reference, ["type": "text", "text": "bc"],
            ])
    }
}
