// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPTransports
import JSONCore
import Testing

@testable import MistralAPI

/// Requests of a model as lines of a batch job, and lines of results as its answers.
@Suite struct JobModelTests {
    private static func model() throws -> MistralModel {
        try MistralModel(name: "mistral-small-latest", apiKey: "key", transport: AsyncHTTPClientTransport())
    }

    @Test func aLineIsWhatWouldBeSentWithoutModelAndStream() throws {
        let model = try Self.model()
        var request = ModelRequest(messages: [.user("hello")])
        request.streams = true
        request.options.temperature = 0.5
        request.options.safePrompt = true
        let body = try model.jobBody(of: request)
        #expect(
            body == [
                "messages": [["role": "user", "content": "hello"]], "temperature": 0.5, "safe_prompt": true,
            ], "\(body)")
    }

    @Test func aLineOfResultsIsReadAsALiveAnswer() throws {
        let answer = try Self.model().jobAnswer(
            BatchResult([
                "custom_id": "1", "error": .null,
                "response": [
                    "status_code": 200,
                    "body": [
                        "id": "r", "model": "m", "usage": ["prompt_tokens": 2, "completion_tokens": 3],
                        "choices": [["message": ["role": "assistant", "content": "hi"], "finish_reason": "length"]],
                    ],
                ],
            ]))
        #expect(answer.message.text == "hi")
        #expect(answer.finishReason.rawValue == "length")
        #expect(answer.usage?.totalTokens == 5)
    }

    @Test(arguments: [
        (422, JSONValue.string("{\"message\":\"no\"}"), ModelError.Code.invalidRequest),
        (429, .object(["message": "slow"]), .rateLimited), (500, .null, .server),
        (401, .string("Unauthorized"), .authentication),
    ]) func aFailedLineIsTheErrorThatALiveAnswerWouldBe(status: Int, body: JSONValue, code: ModelError.Code) throws {
        let model = try Self.model()
        let line = BatchResult([
            "custom_id": "1", "error": .null,
            "response": ["status_code": .integer(Int64(status)), "body": body],
        ])
        let error = #expect(throws: ModelError.self) { try model.jobAnswer(line) }
        #expect(error?.code == code)
        #expect(error?.status == status)
    }

    @Test func aLineWithoutAnAnswerSaysWhy() throws {
        let model = try Self.model()
        let error = #expect(throws: ModelError.self) { try model.jobAnswer(BatchResult.missing("1")) }
        #expect(error?.code == .server)
        #expect(error?.message.contains("no result came for this request") == true)
    }
}
