// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import Synchronization

private func shownFile(_ path: String) -> String {
    let content = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "?"
    return "\(path.split(separator: "/").last ?? "")=\(content)"
}

/// Services that keep what they were asked and answer as they were told.
final class FakeServices: ServiceProvider {
    struct State {
        var names: [String?] = []
        var embeddings: [EmbeddingRequest] = []
        var documents: [OCRRequest] = []
        /// What was in the files of documents, recordings and uploads when they came, after the file's name.
        var files: [String] = []
        var recordings: [TranscriptionRequest] = []
        var judged: [ModerationInput] = []
        var uploads: [FileUpload] = []
        var fileQueries: [FileQuery] = []
        var jobs: [JSONObject] = []
        var calls: [String] = []
    }

    let state = Mutex(State())
    /// Thrown by every call.
    let failure: ModelError?
    let ocr: OCRResponse
    /// The content of files by id.
    let contents: [String: String]
    /// The states of every job, one for each question; the last one stays.
    let jobStates: [JSONValue]

    init(
        failure: ModelError? = nil, ocr: OCRResponse = OCRResponse(fields: [:], pages: []),
        contents: [String: String] = [:], jobStates: [JSONValue] = []
    ) {
        self.failure = failure
        self.ocr = ocr
        self.contents = contents
        self.jobStates = jobStates
    }

    var seen: State { state.withLock(\.self) }

    func note(_ change: (inout State) -> Void) throws {
        state.withLock { change(&$0) }
        if let failure { throw failure }
    }

    private func part(_ name: String?) throws -> FakeService {
        state.withLock { $0.names.append(name) }
        if name == "no-key" { throw ModelError(.configuration, "MISTRAL_API_KEY is not set") }
        return FakeService(name: name ?? "default", services: self)
    }

    func embeddingModel(_ name: String?) throws -> any EmbeddingModel { try part(name) }
    func ocrModel(_ name: String?) throws -> any OCRModel { try part(name) }
    func transcriptionModel(_ name: String?) throws -> any TranscriptionModel { try part(name) }
    func moderationModel(_ name: String?) throws -> any ModerationModel { try part(name) }
    func classifier(_ name: String) throws -> any ModerationModel { try part(name) }
    func platform() throws -> any Platform { FakePlatform(services: self) }
}

struct FakeService: EmbeddingModel, OCRModel, TranscriptionModel, ModerationModel {
    let name: String
    let services: FakeServices

    /// Of text number i the vector i, i + 0.5; whole numbers when a type was asked for.
    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        try services.note { $0.embeddings.append(request) }
        try await onEvent(.progress("embedding"))
        let vectors: [Embedding] = request.inputs.indices.map {
            request.outputDtype == nil ? .numbers([Double($0), Double($0) + 0.5]) : .integers([$0, -1])
        }
        return EmbeddingResponse(model: "fake-embed", embeddings: vectors, usage: Usage(promptTokens: 12))
    }

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        try services.note {
            $0.documents.append(request)
            if case .file(let path) = request.document { $0.files.append(shownFile(path)) }
        }
        return services.ocr
    }

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        try services.note { $0.recordings.append(request) }
        if request.streams { for piece in ["This ", "week"] { try await onEvent(.text(piece)) } }
        return Transcription(
            fields: ["model": "voxtral", "new_field": 1], text: "This week", language: "en",
            segments: [.init(text: "This week", start: 0, end: 1.5, speaker: "A")], usage: Usage(audioSeconds: 203))
    }

    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        try services.note { $0.judged.append(input) }
        let fields: JSONObject = [
            "categories": ["pii": true, "law": false], "category_scores": ["pii": 0.9, "law": 0],
        ]
        let verdict = ModerationResponse.Verdict(
            categories: [("pii", true, 0.9), ("law", false, 0)], fields: fields)
        let count =
            switch input {
            case .texts(let texts): texts.count
            case .conversations(let conversations): conversations.count
            }
        return ModerationResponse(
            id: "mod-1", model: "fake-moderation", verdicts: Array(repeating: verdict, count: count),
            usage: Usage(promptTokens: 3))
    }
}

struct FakePlatform: Platform {
    let services: FakeServices

    private func note(_ call: String) throws { try services.note { $0.calls.append(call) } }

    func models() async throws -> [JSONValue] {
        try note("models")
        return [["id": "a", "max_context_length": 32768], ["id": "b"]]
    }

    func model(_ id: String) async throws -> JSONValue {
        try note("model \(id)")
        return ["id": .string(id)]
    }

    func files(_ query: FileQuery) async throws -> [JSONValue] {
        try services.note { $0.fileQueries.append(query) }
        return [["id": "f1", "filename": "a.pdf"]]
    }

    func file(_ id: String) async throws -> JSONValue {
        try note("file \(id)")
        return ["id": .string(id)]
    }

    func upload(
        _ file: FileUpload, onProgress: @escaping @Sendable (_ sent: Int, _ total: Int) -> Void
    ) async throws -> JSONValue {
        try services.note {
            $0.uploads.append(file)
            $0.files.append(shownFile(file.path))
        }
        onProgress(1, 1)
        return ["id": "f2", "filename": .string(file.name), "purpose": .string(file.purpose)]
    }

    /// In pieces of four bytes.
    func download(_ id: String, onPiece: ([UInt8]) async throws -> Void) async throws {
        try note("download \(id)")
        guard let content = services.contents[id] else { throw ModelError(.invalidRequest, "no file \(id)") }
        let bytes = Array(content.utf8)
        for start in stride(from: 0, to: bytes.count, by: 4) {
            try await onPiece(Array(bytes[start..<min(start + 4, bytes.count)]))
        }
        if content.hasSuffix("CUT") { throw ModelError(.cut, "the connection ended early") }
    }

    func signedURL(_ id: String, hours: Int) async throws -> String {
        try note("url \(id) \(hours)")
        return "https://files.example.test/\(id)"
    }

    func deleteFile(_ id: String) async throws -> JSONValue {
        try note("delete \(id)")
        return ["id": .string(id), "deleted": true]
    }

    func batchJobs(_ query: JSONObject) async throws -> [JSONValue] {
        try services.note { $0.jobs.append(query) }
        return services.jobStates
    }

    func batchJob(_ id: String) async throws -> JSONValue {
        let asked = services.state.withLock { state in
            state.calls.append("job \(id)")
            return state.calls.count { $0 == "job \(id)" }
        }
        if let failure = services.failure { throw failure }
        guard let last = services.jobStates.last else { throw ModelError(.invalidRequest, "no job \(id)") }
        return asked <= services.jobStates.count ? services.jobStates[asked - 1] : last
    }

    func createBatchJob(_ job: JSONObject) async throws -> JSONValue {
        try services.note { $0.jobs.append(job) }
        return ["id": "job-1", "status": "QUEUED"]
    }

    func cancelBatchJob(_ id: String) async throws -> JSONValue {
        try note("cancel \(id)")
        return ["id": .string(id), "status": "CANCELLATION_REQUESTED"]
    }
}
