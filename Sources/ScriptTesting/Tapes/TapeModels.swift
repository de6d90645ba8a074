// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// One model for every name.
struct FixedModels: ModelProvider {
    let model: any Model
    func model(for reference: JSONValue?) throws -> any Model { model }
}

/// The real models, and which of them stand behind the names that a script uses: a tape keeps that, so that nobody needs a key to
/// replay it.
final class NotingModels: ModelProvider {
    private let models: any ModelProvider
    /// Asked for in place of what a script names.
    private let always: JSONValue?
    private let fallback: JSONValue?
    private let noted = Mutex<[String: String]>([:])

    init(_ models: any ModelProvider, always: JSONValue?, fallback: JSONValue?) {
        self.models = models
        self.always = always
        self.fallback = fallback
    }

    var names: [String: String] { noted.withLock(\.self) }

    func model(for reference: JSONValue?) throws -> any Model {
        let model = try models.model(for: always ?? reference ?? fallback)
        noted.withLock { $0[TapeModels.key(reference)] = model.name }
        return model
    }
}

/// The models of a tape: they have the names of those that were recorded, and answer nothing themselves.
struct TapeModels: ModelProvider {
    let names: [String: String]

    static func key(_ reference: JSONValue?) -> String {
        reference.flatMap { try? $0.serialized(order: .sorted) } ?? "default"
    }

    func model(for reference: JSONValue?) throws -> any Model {
        let key = Self.key(reference)
        // A name that was not recorded is a difference, which the record of the call shows.
        return SilentModel(name: names[key] ?? reference?.stringValue ?? key)
    }
}

/// Has a name and no voice.
struct SilentModel: Model {
    let name: String

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        throw ModelError(.unavailable, "a replayed run asks no model")
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { .null }
}
