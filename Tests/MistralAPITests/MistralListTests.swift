// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

/// Lists come in three forms: in `data`, as the whole answer, or not at all.
@Suite(.timeLimit(.minutes(10))) struct MistralListTests {
    /// The answers of `/v1/agents` and `/v1/conversations` are lists, which were taken for nothing.
    @Test func readsListsThatAreTheWholeAnswer() async throws {
        try await withAnswer([["id": "ag_1"], ["id": "ag_2"]]) { client in
            let agents = try await MistralAgents(client: client).list()
            #expect(agents == [["id": "ag_1"], ["id": "ag_2"]])
            let conversations = try await MistralConversations(client: client).list()
            #expect(conversations.count == 2)
            let models = try await MistralPlatform(client: client).models()
            #expect(models.count == 2)
        }
    }

    /// The official SDK takes a list of models whose `data` is null or missing; we refused it.
    @Test(arguments: [["data": .null], ["object": "list"], ["data": []]] as [JSONValue])
    func takesAMissingListForAnEmptyOne(answer: JSONValue) async throws {
        try await withAnswer(answer) { client in
            let platform = MistralPlatform(client: client)
            let models = try await platform.models()
            let files = try await platform.files(FileQuery())
            let jobs = try await platform.batchJobs([:])
            #expect(models.isEmpty && files.isEmpty && jobs.isEmpty)
        }
    }

    private func withAnswer(_ answer: JSONValue, _ body: (MistralClient) async throws -> Void) async throws {
        let transport = AsyncHTTPClientTransport()
        try await FakeModelServer.with(reply: { _ in .json(answer) }) { server in
            try await body(try MistralClient(apiKey: "k", serverURL: server.url, transport: transport))
        }
        await transport.shutdown()
    }
}
