// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes

/// Audio transcription of the Mistral API (`POST /v1/audio/transcriptions`). A file is sent from disk, piece by piece.
public struct MistralTranscriptionModel: TranscriptionModel {
    public static let defaultName = "voxtral-mini-latest"

    public let name: String
    private let client: MistralClient

    public init(name: String = Self.defaultName, client: MistralClient) {
        self.name = name
        self.client = client
    }

    public func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        let form = try TranscriptionForm(model: name, request: request)
        let call = APIClient.Call(
            path: "audio/transcriptions", content: try form.content(),
            accept: request.streams ? "text/event-stream" : "application/json")
        let decoder = TranscriptionDecoder(service: client.api.service)
        return try await client.api.send(call) { attempt, delay, reason in
            try await onEvent(.retrying(attempt: attempt, delay: delay, reason: reason))
        } read: { response, body in
            let type = response.headerFields[.contentType]?.lowercased() ?? ""
            guard request.streams, !type.hasPrefix("application/json") else {
                return try decoder.decode(try await client.api.readAll(body))
            }
            return try await read(body, decoder, onEvent)
        }
    }

    private func read(
        _ body: HTTPBody, _ decoder: TranscriptionDecoder, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        var events = ServerSentEventsDecoder()
        var pieces = body.makeAsyncIterator()
        var text = ""
        do {
            while true {
                let piece = try await pieces.next()
                let ready = try piece.map { try events.decode($0) } ?? [try events.finish()].compactMap(\.self)
                for event in ready {
                    switch try decoder.decode(event) {
                    case .text(let more):
                        text += more
                        try await onEvent(.text(more))
                    case .done(let transcription): return transcription
                    case .other: break
                    }
                }
                guard piece != nil else { break }
            }
        } catch let error as HTTPTransportError where !text.isEmpty {
            throw cut(text, "\(error)", code: error.code == .timeout ? .timeout : .cut)
        }
        throw cut(text, "it ended without its last event", code: .cut)
    }

    private func cut(_ text: String, _ reason: String, code: ModelError.Code) -> ModelError {
        ModelError(
            code, "the transcription of \(client.api.service) was cut off: \(reason)",
            partialText: text.isEmpty ? nil : text)
    }
}
