// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The models of a run that is recorded, and a note of which stood behind each name: a replay needs no key to know them.
struct NotingModels: ModelProvider {
    let models: any ModelProvider
    let recorder: RunRecorder

    func model(for reference: JSONValue?) throws -> any Model {
        noted(try models.model(for: reference), reference)
    }

    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        noted(try models.model(for: reference, guarding: guarding), reference)
    }

    private func noted(_ model: any Model, _ reference: JSONValue?) -> any Model {
        let note = NotedModel(model, reference: reference)
        if !recorder.info.models.contains(note) {
            recorder.note { info in
                info.models.removeAll { $0.reference == note.reference }
                info.models.append(note)
            }
        }
        return model
    }
}

/// Models that are never asked: a replay is answered by its recording, with or without their keys. They are what those were
/// that were recorded, whatever this machine would take now.
struct ReplayedModels: ModelProvider {
    let models: any ModelProvider
    let recorded: [NotedModel]
    let secrets: SecretRedactor

    func model(for reference: JSONValue?) throws -> any Model {
        recorded(reference) ?? SilentModel(reference.flatMap { try? models.model(for: $0) })
    }

    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        recorded(reference) ?? SilentModel(reference.flatMap { try? models.model(for: $0, guarding: guarding) })
    }

    private func recorded(_ reference: JSONValue?) -> SilentModel? {
        let key = secrets.redact(NotedModel.key(reference))
        return recorded.first { $0.reference == key }.map { SilentModel($0) }
    }
}

/// Has the name of a model and no voice. The name of one that cannot be had here is left to the recording.
private struct SilentModel: Model {
    let name: String
    let pricingNames: [String]
    let reportsTokens: Bool
    var contextTokens: Int?

    init(_ note: NotedModel) {
        (name, pricingNames, reportsTokens) = (note.name, note.pricingNames, note.reportsTokens)
    }

    init(_ model: (any Model)?) {
        name = model?.name ?? ""
        pricingNames = model?.pricingNames ?? [""]
        reportsTokens = model?.reportsTokens ?? false
        contextTokens = model?.contextTokens
    }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        throw ModelError(.configuration, "a model that was only to be replayed was asked")
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue {
        throw ModelError(.configuration, "a model that was only to be replayed has no request")
    }
}
