// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore
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
    private let noted = Mutex<[String: SilentModel]>([:])

    init(_ models: any ModelProvider, always: JSONValue?, fallback: JSONValue?) {
        self.models = models
        self.always = always
        self.fallback = fallback
    }

    /// One line of JSON for each reference.
    var notes: [String] {
        get throws {
            try noted.withLock(\.self).sorted { $0.key < $1.key }.map { key, model in
                try JSONValue.object([
                    "reference": .string(key), "model": .string(model.name),
                    "prices": .array(model.pricingNames.map { .string($0) }), "tokens": .bool(model.reportsTokens),
                ]).serialized()
            }
        }
    }

    func model(for reference: JSONValue?) throws -> any Model {
        try note(reference, try models.model(for: always ?? reference ?? fallback))
    }

    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        try note(reference, try models.model(for: always ?? reference ?? fallback, guarding: guarding))
    }

    private func note(_ reference: JSONValue?, _ model: any Model) throws -> any Model {
        let silent = SilentModel(
            name: model.name, pricingNames: model.pricingNames, reportsTokens: model.reportsTokens)
        noted.withLock { $0[TapeModels.key(reference)] = silent }
        return model
    }
}

/// The models of a tape: they are what those were that were recorded, and answer nothing themselves.
struct TapeModels: ModelProvider {
    private let models: [String: SilentModel]

    /// - Parameter notes: what ``NotingModels/notes`` gave. Other lines say nothing.
    init(_ notes: [String]) {
        var models: [String: SilentModel] = [:]
        for note in notes {
            guard let value = try? JSONValue(parsing: note), let key = value["reference"]?.stringValue,
                let name = value["model"]?.stringValue
            else { continue }
            let prices = value["prices"]?.arrayValue?.compactMap(\.stringValue) ?? [name]
            models[key] = SilentModel(
                name: name, pricingNames: prices, reportsTokens: value["tokens"]?.boolValue ?? false)
        }
        self.models = models
    }

    static func key(_ reference: JSONValue?) -> String {
        reference.flatMap { try? $0.serialized(order: .sorted) } ?? "default"
    }

    func model(for reference: JSONValue?) throws -> any Model {
        let key = Self.key(reference)
        // A name that was not recorded is a difference, which the record of the call shows.
        return models[key] ?? SilentModel(name: reference?.stringValue ?? key)
    }
}

/// Has a name and no voice.
struct SilentModel: Model {
    let name: String
    let pricingNames: [String]
    let reportsTokens: Bool

    init(name: String, pricingNames: [String]? = nil, reportsTokens: Bool = false) {
        self.name = name
        self.pricingNames = pricingNames ?? [name]
        self.reportsTokens = reportsTokens
    }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        throw ModelError(.unavailable, "a replayed run asks no model")
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { .null }
}
