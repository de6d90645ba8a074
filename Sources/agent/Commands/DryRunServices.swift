// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// The services of `--dry-run`: each prints the first request it gets and ends the command.
struct DryRunServices: ServiceProvider {
    let services: any ServiceProvider
    let print: @Sendable (String) -> Void

    func embeddingModel(_ name: String?) throws -> any EmbeddingModel {
        DryRunService(service: try services.embeddingModel(name), print: print)
    }

    func ocrModel(_ name: String?) throws -> any OCRModel {
        DryRunService(service: try services.ocrModel(name), print: print)
    }

    func transcriptionModel(_ name: String?) throws -> any TranscriptionModel {
        DryRunService(service: try services.transcriptionModel(name), print: print)
    }

    func moderationModel(_ name: String?) throws -> any ModerationModel {
        moderation(by: try services.moderationModel(name))
    }

    func moderation(by model: any ModerationModel) -> any ModerationModel {
        DryRunService(service: model, print: print)
    }

    func classifier(_ name: String) throws -> any ModerationModel {
        DryRunService(service: try services.classifier(name), print: print)
    }

    func platform() throws -> any Platform { DryRunPlatform(print: print) }
}

/// Prints `request` and ends the command.
private func show(_ request: JSONValue, _ print: (String) -> Void) throws -> Never {
    print(try request.serialized(indent: 2) + "\n")
    throw ExitStatus.done
}

private struct DryRunService<Service: Sendable>: Sendable {
    let service: Service
    let print: @Sendable (String) -> Void
}

extension DryRunService: EmbeddingModel where Service == any EmbeddingModel {
    var name: String { service.name }

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let wire = (service as? MistralEmbeddingModel)?.wireRequest(for: request)
        try show(wire ?? ["model": .string(name), "input": .array(request.inputs.map { .string($0) })], print)
    }
}

extension DryRunService: OCRModel where Service == any OCRModel {
    var name: String { service.name }

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        let wire = try (service as? MistralOCRModel)?.wireRequest(for: request)
        try show(wire ?? ["model": .string(name), "document": request.document.json], print)
    }
}

extension DryRunService: TranscriptionModel where Service == any TranscriptionModel {
    var name: String { service.name }

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        var form: JSONObject = ["model": .string(name), "audio": request.audio.json]
        form["language"] = request.language.map { .string($0) }
        form["temperature"] = request.temperature.map { .number($0) }
        form["stream"] = .bool(request.streams)
        form["diarize"] = .bool(request.diarize)
        form["context_bias"] = .array(request.contextBias.map { .string($0) })
        form["timestamp_granularities"] = .array(request.timestampGranularities.map { .string($0) })
        try show(.object(form), print)
    }
}

extension DryRunService: ModerationModel where Service == any ModerationModel {
    var name: String { service.name }

    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        let wire =
            try (service as? MistralModerationModel)?.wireRequest(for: input)
            ?? (service as? MistralClassifierModel)?.wireRequest(for: input)
            ?? (service as? SelfReflectionModeration)?.wireRequest(for: input)
        try show(wire ?? ["model": .string(name)], print)
    }
}

extension MediaSource {
    /// A file of a script comes as a link to what it has open.
    private static func real(_ path: String) -> String {
        guard path.contains("/agent-"), let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    fileprivate var json: JSONValue {
        switch self {
        case .url(let url): ["url": .string(url)]
        case .file(let path): ["file": .string(Self.real(path))]
        case .uploaded(let id): ["file_id": .string(id)]
        }
    }
}
