// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import FakeModelServer
import HTTPTransports
import JSONCore
import Synchronization
import Testing

@Suite struct GuardedStreamTests {
    /// A stream of events, a word each, as bytes.
    private func stream(of answer: String) throws -> [UInt8] {
        var events = try answer.split(separator: " ").map { word in
            try JSONValue.object([
                "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": [["index": 0, "delta": ["content": .string(word + " ")], "finish_reason": .null]],
            ]).serialized()
        }
        events.append(#"{"id":"1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
        events.append("[DONE]")
        return events.flatMap { Array("data: \($0)\n\n".utf8) }
    }

    /// The third sentence must be blocked, and no byte of it may be seen before it is.
    @Test func nothingOfABlockedSentenceIsSeenWhereverTheBytesAreCut() async throws {
        let bytes = try stream(of: "One is fine. Two ist schön. Third is b\u{E4}d \u{1F4A3}. Four is late.")
        let place = Mutex(0)
        let transport = AsyncHTTPClientTransport()
        let guardrail = FunctionGuardrail(name: "third") { subject in
            subject.text.hasPrefix("Third") ? .block(GuardrailFinding("it is the third")) : .pass
        }
        try await FakeModelServer.with { _ in
            let cut = place.withLock(\.self)
            return .chunks([Array(bytes[..<cut]), Array(bytes[cut...])], headers: FakeReply.eventStreamHeaders)
        } _: { server in
            let model = try ChatCompletionsModel(
                name: "m", baseURL: server.url + "/v1", apiKey: nil, transport: transport)
            let agent = Agent(model: model, guardrails: GuardrailSet(output: [GuardrailRule(guardrail)]))
            for cut in 1..<bytes.count {
                place.withLock { $0 = cut }
                let seen = Mutex("")
                let failure = await #expect(throws: RunError.self) {
                    try await agent.run([.user("hi")]) { event in
                        if case .text(let text) = event { seen.withLock { $0 += text } }
                    }
                }
                #expect(failure?.code == .guardrail)
                #expect(seen.withLock(\.self) == "One is fine. Two ist schön. ")
            }
        }
        await transport.shutdown()
    }
}
