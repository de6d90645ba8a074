// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import Foundation
import HTTPCore
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

/// The calls that the fault table has a column for. The last three send a file from disk.
enum FaultyService: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case chat, embed, ocr, transcribe, upload

    var testDescription: String { rawValue }
    /// Whether a request is sent again although the server may have done it.
    var isRepeatable: Bool { self != .upload }
    var sendsFile: Bool { self == .ocr || self == .transcribe || self == .upload }

    /// Calls the service once.
    func call(_ client: MistralClient, file: String) async throws {
        switch self {
        case .chat:
            _ = try await MistralModel(name: "m", client: client)
                .respond(to: ModelRequest(messages: [.user("hi")])) { _ in }
        case .embed: _ = try await MistralEmbeddingModel(client: client).embed(["hi"])
        case .ocr: _ = try await MistralOCRModel(client: client).read(OCRRequest(.file(path: file))) { _ in }
        case .transcribe:
            _ = try await MistralTranscriptionModel(client: client)
                .transcribe(TranscriptionRequest(.file(path: file))) { _ in }
        case .upload:
            _ = try await MistralPlatform(client: client)
                .upload(FileUpload(path: file, purpose: "ocr"), onProgress: { _, _ in })
        }
    }

    /// A good answer.
    var answer: JSONValue {
        switch self {
        case .chat: ["choices": [["index": 0, "finish_reason": "stop", "message": ["content": "Hello"]]]]
        case .embed: ["model": "m", "data": [["index": 0, "embedding": [0.5, 1]]]]
        case .ocr: ["model": "m", "pages": [["index": 0, "markdown": "# One"]]]
        case .transcribe: ["model": "m", "text": "Hello", "language": .null]
        case .upload: ["id": "f", "object": "file"]
        }
    }
}

/// A client of a server with faults, and a file to send.
struct FaultyWorld {
    let client: MistralClient
    let server: FakeModelServer
    let clock: InstantClock
    let file: String

    /// - Parameters:
    ///   - fileBytes: 100 kB by default; over some 8 MB a file does not fit into the buffers of sockets.
    ///   - readsBodies: whether the server reads more than the head of a request.
    static func with(
        timeouts: HTTPTimeouts = HTTPTimeouts(), fileBytes: Int = 100_000, readsBodies: Bool = true,
        _ reply: @escaping @Sendable (FakeRequest) async -> FakeReply,
        _ body: (FaultyWorld) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "fault-\(UUID().uuidString).pdf")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(fileBytes))
        try handle.close()
        let transport = AsyncHTTPClientTransport()
        let clock = InstantClock()
        do {
            try await FakeModelServer.with(readsBodies: readsBodies, reply: reply) { server in
                let client = try MistralClient(
                    apiKey: "the-Key-7F3a", serverURL: server.url, transport: transport, timeouts: timeouts,
                    clock: clock, jitter: { 1 })
                try await body(FaultyWorld(client: client, server: server, clock: clock, file: file.path))
            }
            await transport.shutdown()
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    /// The error that `service` ends with; `nil` when it ends well.
    func failure(of service: FaultyService) async -> ModelError? {
        do {
            try await service.call(client, file: file)
            return nil
        } catch {
            return error as? ModelError ?? ModelError(.init(rawValue: "foreign"), "\(error)")
        }
    }
}
