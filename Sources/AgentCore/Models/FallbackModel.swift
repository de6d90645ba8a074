// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Asks one model after another until one answers.
///
/// The next model is tried when the one before could not answer at all: no connection, no capacity, a server fault, no
/// key. Once a piece of an answer has been passed on, or the request itself was refused, the error stands.
public struct FallbackModel: Model {
    public let models: [any Model]

    /// - Precondition: `models` is not empty.
    public init(_ models: [any Model]) {
        precondition(!models.isEmpty, "a fallback chain needs a model")
        self.models = models
    }

    public var name: String { models[0].name }
    public var pricingNames: [String] { models.flatMap(\.pricingNames) }
    /// What fits into the smallest that is known.
    public var contextTokens: Int? { models.compactMap(\.contextTokens).min() }

    public func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        for model in models.dropLast() {
            do {
                return try await Self.ask(model, request, onEvent)
            } catch let error as ModelError where error.partialText == nil && Self.passesOn(error.code) {
                try await onEvent(.progress("\(model.name) cannot answer (\(error)); trying the next model"))
            }
        }
        return try await Self.ask(models[models.count - 1], request, onEvent)
    }

    private static func ask(
        _ model: any Model, _ request: ModelRequest, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        var response = try await model.respond(to: request, onEvent: onEvent)
        response.pricingName = response.pricingName ?? model.pricingNames.first
        return response
    }

    public func wireRequest(for request: ModelRequest) throws -> JSONValue { try models[0].wireRequest(for: request) }

    /// What every model of the chain enforces.
    public func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> {
        models.dropFirst().reduce(models[0].enforcedKeywords(of: schema)) {
            $0.intersection($1.enforcedKeywords(of: schema))
        }
    }

    /// Whether every model of the chain does.
    public var reportsTokens: Bool { models.allSatisfy(\.reportsTokens) }

    private static func passesOn(_ code: ModelError.Code) -> Bool {
        [.transport, .timeout, .rateLimited, .server, .unavailable, .configuration, .authentication].contains(code)
    }
}
