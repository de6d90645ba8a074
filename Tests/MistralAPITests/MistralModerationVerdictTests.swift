// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct MistralModerationVerdictTests {
    /// A category that was flagged but had no score was left out, and its text counted as clean.
    @Test(
        arguments: [
            ["categories": ["violence": true, "pii": false], "category_scores": [:]],
            ["categories": ["violence": true], "category_scores": ["pii": 0.1]], ["categories": ["violence": true]],
        ] as [JSONValue]) func flagsACategoryWithoutAScore(verdict: JSONValue) async throws
    {
        let transport = AsyncHTTPClientTransport()
        let answer: JSONValue = ["id": "m", "model": "m", "results": [verdict]]
        try await FakeModelServer.with(reply: { _ in .json(answer) }) { server in
            let client = try MistralClient(apiKey: "k", serverURL: server.url, transport: transport)
            let response = try await MistralModerationModel(client: client).moderate(.texts(["a"])) { _ in }
            #expect(response.verdicts.map(\.isFlagged) == [true])
        }
        await transport.shutdown()
    }
}
