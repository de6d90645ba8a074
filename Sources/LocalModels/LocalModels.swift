// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import HTTPCore
import Synchronization

/// The models that run on this machine, without key and network.
public final class LocalModels: Sendable {
    public let configuration: LocalConfiguration
    private let transport: any HTTPTransport
    private let engines = Mutex<[String: LocalEngine]>([:])

    public init(_ configuration: LocalConfiguration, transport: any HTTPTransport) {
        self.configuration = configuration
        self.transport = transport
    }

    /// The model of the weights `name`, or of the default ones: the file of ``LocalConfiguration/modelPath``, else the
    /// first of ``ModelManifest``. Nothing is fetched or started before it is asked, and a name that does not exist is an
    /// error only then.
    public func model(named name: String?) -> any Model {
        let engine = engines.withLock { engines in
            let engine = engines[name ?? ""] ?? LocalEngine(configuration, model: name)
            engines[name ?? ""] = engine
            return engine
        }
        return LocalModel(name: name.map { "local:\($0)" } ?? "local", engine: engine, transport: transport)
    }

    /// The embedding model `name`, or `all-minilm-l6-v2`: English, 384 numbers a text, 512 tokens a text at most. Nothing is
    /// fetched or started before it is asked, and a name that does not exist is an error only then.
    public func embeddingModel(named name: String?) -> any EmbeddingModel {
        let key = "embeddings:" + (name ?? "")
        let engine = engines.withLock { engines in
            let engine = engines[key] ?? LocalEngine(configuration, model: name, kind: .embeddings)
            engines[key] = engine
            return engine
        }
        return LocalEmbeddingModel(
            name: name.map { "local:\($0)" } ?? "local", modelName: name, engine: engine, transport: transport)
    }

    /// OCR by tesseract and poppler. A program that is missing is an error of the first use.
    public func ocrModel() -> any OCRModel { LocalOCRModel(configuration: configuration) }

    /// The transcription model `name`, or `whisper-tiny.en`: English only. Nothing is fetched before it is asked, and a name
    /// that does not exist is an error only then.
    public func transcriptionModel(named name: String?) -> any TranscriptionModel {
        LocalTranscriptionModel(
            name: name.map { "local:\($0)" } ?? "local", modelName: name, configuration: configuration)
    }

    /// What is there and what is missing, for `agent doctor`. Reads file names and sizes only.
    public func inventory() throws -> LocalInventory { try LocalInventory(configuration) }
}
