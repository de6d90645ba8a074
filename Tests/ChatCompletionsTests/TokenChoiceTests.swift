// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import Foundation
import HTTPCore
import JSONCore
import Testing

@Suite struct TokenChoiceTests {
    private let entry: JSONValue = [
        "token": "no", "logprob": -0.5,
        "top_logprobs": [["token": "no", "logprob": -0.5], ["token": "yes", "logprob": -1.0], ["token": 1]],
    ]

    private func isRight(_ tokens: [TokenChoice]) -> Bool {
        tokens.map(\.text) == ["no"] && tokens[0].alternatives.map(\.text) == ["no", "yes"]
            && abs(tokens[0].alternatives[1].probability - exp(-1)) < 1e-12
    }

    @Test func readsWhatElseCouldHaveBeenWritten() throws {
        let body: JSONValue = [
            "choices": [["message": ["content": "no"], "logprobs": ["content": [entry, 1]], "finish_reason": "stop"]]
        ]
        let response = try ChatResponseDecoder(service: "s").decode(body)
        #expect(isRight(response.tokens))
    }

    @Test func readsItOfStreams() throws {
        var decoder = ChatStreamDecoder(service: "s")
        let chunk: JSONValue = ["choices": [["delta": ["content": "no"], "logprobs": ["content": [entry]]]]]
        let end: JSONValue = ["choices": [["delta": [:], "logprobs": .null, "finish_reason": "stop"]]]
        for value in [chunk, end] { _ = try decoder.receive(ServerSentEvent(data: try value.serializedBytes())) }
        #expect(isRight(try decoder.finish().tokens))
    }

    @Test(arguments: ["null", "{}", #"{"content":null}"#, #"{"content":[{}]}"#, "[]", "1"])
    func anythingElseIsNoPartOfTheAnswer(logprobs: String) throws {
        let body = #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop","logprobs":\#(logprobs)}]}"#
        #expect(try ChatResponseDecoder(service: "s").decode(Array(body.utf8)).tokens.isEmpty)
    }
}
