// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Models that are never asked: a replay is answered by its recording, with or without their keys.
struct ReplayedModels: ModelProvider {
    let models: any ModelProvider

    func model(for reference: JSONValue?) throws -> any Model {
        // Which model answers where none is named hangs on this machine, not on the run.
        guard let reference else { return UnknownModel() }
        return (try? models.model(for: reference)) ?? UnknownModel()
    }

    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        guard reference != nil else { return UnknownModel() }
        return (try? models.model(for: reference, guarding: guarding)) ?? UnknownModel()
    }
}

/// A model that cannot be had here. Its name is left to the recording.
private struct UnknownModel: Model {
    let name = ""

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        throw ModelError(.configuration, "a model that was only to be replayed was asked")
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue {
        throw ModelError(.configuration, "a model that was only to be replayed has no request")
    }
}
