// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTransports
import HTTPTypes
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct KeyTests {
    // The key may stand in any answer, also in one that is a success by its status.
    @Test func tellsNoKeyOfAnErrorThatIsCalledASuccess() async throws {
        let transport = AsyncHTTPClientTransport()
        try await FakeModelServer.with(reply: { _ in
            .json(["object": "error", "message": "the key sk-secret-9 is blocked", "code": "sk-secret-9"])
        }) { server in
            let client = try MistralClient(
                apiKey: "sk-secret-9", serverURL: server.url, transport: transport, clock: InstantClock())
            let file = try ScratchFile(Array("{}\n".utf8), ending: "png")
            let path = file.path
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await client.send(.get, "models") },
                { _ = try await MistralEmbeddingModel(client: client).embed(["a"]) },
                { _ = try await MistralOCRModel(client: client).read(OCRRequest(.file(path: path))) { _ in } },
                {
                    let upload = FileUpload(path: path, purpose: "ocr")
                    _ = try await MistralPlatform(client: client).upload(upload) { _, _ in }
                },
            ]
            for call in calls {
                let error = await #expect(throws: ModelError.self) { try await call() }
                #expect(error?.message.contains("***") == true)
                #expect(error.map { "\($0)\($0.providerCode ?? "")".contains("secret") } == false)
            }
            withExtendedLifetime(file) {}
        }
        await transport.shutdown()
    }
}
