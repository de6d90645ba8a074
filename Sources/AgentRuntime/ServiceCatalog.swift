// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
import Guardrails
public import HTTPCore
public import LocalModels
import MistralAPI

/// Makes services of names: a model of the Mistral API, `mistral:NAME`, `local`; for embeddings also `openai:NAME`.
///
/// Without a name the Mistral API is used when `MISTRAL_API_KEY` is set, else what this machine has. Making a service
/// costs nothing: no connection is opened before it is asked.
public struct ServiceCatalog: ServiceProvider {
    private let connections: ProviderConnections
    private let local: LocalModels

    /// - Parameters:
    ///   - variable: looks a name up in the environment, as for ``ModelCatalog``.
    ///   - secrets: is told each key that is read.
    public init(
        transport: any HTTPTransport, local: LocalModels, variable: @escaping @Sendable (String) -> String?,
        secrets: SecretRedactor = SecretRedactor()
    ) {
        connections = ProviderConnections(transport: transport, secrets: secrets, variable: variable)
        self.local = local
    }

    public func embeddingModel(_ name: String?) throws -> any EmbeddingModel {
        switch try reference(name, default: MistralEmbeddingModel.defaultName) {
        case .local(let name): local.embeddingModel(named: name)
        case .openAI(let name): try connections.compatibleEmbeddingModel(name)
        case .mistral(let name): MistralEmbeddingModel(name: name, client: try connections.mistral())
        }
    }

    public func ocrModel(_ name: String?) throws -> any OCRModel {
        switch try reference(name, default: MistralOCRModel.defaultName) {
        case .local(let name): try localOCRModel(name)
        case .openAI: throw notOffered("document reading")
        case .mistral(let name): MistralOCRModel(name: name, client: try connections.mistral())
        }
    }

    public func transcriptionModel(_ name: String?) throws -> any TranscriptionModel {
        switch try reference(name, default: MistralTranscriptionModel.defaultName) {
        case .local(let name): local.transcriptionModel(named: name)
        case .openAI: throw notOffered("transcription")
        case .mistral(let name): MistralTranscriptionModel(name: name, client: try connections.mistral())
        }
    }

    public func moderationModel(_ name: String?) throws -> any ModerationModel {
        switch try reference(name, default: MistralModerationModel.defaultName) {
        // No model of this machine is made for it: the chat model judges, in the documented categories.
        case .local(let name): try SelfReflectionModeration(judge: local.model(named: name))
        case .openAI: throw notOffered("moderation")
        case .mistral(let name): MistralModerationModel(name: name, client: try connections.mistral())
        }
    }

    public func classifier(_ name: String) throws -> any ModerationModel {
        guard case .mistral(let name) = try reference(name, default: name) else {
            throw ModelError(.configuration, "model \"\(name)\": classifiers are offered by the Mistral API only")
        }
        return MistralClassifierModel(name: name, client: try connections.mistral())
    }

    public func platform() throws -> any Platform { MistralPlatform(client: try connections.mistral()) }

    // MARK: - Names

    private enum Reference {
        case mistral(String)
        case openAI(String)
        /// `nil` for the default of what this machine has.
        case local(String?)
    }

    private func reference(_ name: String?, default defaultName: String) throws -> Reference {
        guard let name, !name.isEmpty else {
            return connections.hasMistralKey ? .mistral(defaultName) : .local(nil)
        }
        if name == "local" { return .local(nil) }
        for (prefix, make) in [
            ("local:", { Reference.local($0) }), ("openai:", { .openAI($0) }), ("mistral:", { .mistral($0) }),
        ] as [(String, (String) -> Reference)] where name.hasPrefix(prefix) {
            let rest = String(name.dropFirst(prefix.count))
            guard !rest.isEmpty else { throw ModelError(.configuration, "model \"\(name)\": the name is missing") }
            return make(rest)
        }
        return .mistral(name)
    }

    private func notOffered(_ service: String) -> ModelError {
        ModelError(.configuration, "\(service) is offered by the Mistral API only, not by openai:NAME")
    }

    private func localOCRModel(_ name: String?) throws -> any OCRModel {
        if let name { throw ModelError(.configuration, "there is one local OCR, \"local\", and no \"local:\(name)\"") }
        return local.ocrModel()
    }
}
