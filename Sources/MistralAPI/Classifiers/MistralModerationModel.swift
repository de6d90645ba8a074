// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import JSONCore

/// Moderation by the Mistral API (`POST /v1/moderations`, and `/v1/chat/moderations` for conversations).
public struct MistralModerationModel: ModerationModel {
    public static let defaultName = "mistral-moderation-latest"

    public let name: String
    private let exchange: ClassifierExchange

    public init(name: String = Self.defaultName, client: MistralClient) {
        self.name = name
        exchange = ClassifierExchange(model: name, client: client, noun: "moderations")
    }

    public func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        try await exchange.classify(input, onEvent) { fields throws(ModelError) in
            let scores = fields["category_scores"]?.objectValue
            let flags = fields["categories"]?.objectValue
            guard scores != nil || flags != nil else {
                throw ModelError(.invalidResponse, "a verdict has neither categories nor category_scores")
            }
            let scored = (scores ?? [:]).map { name, score in
                (name: name, isFlagged: flags?[name]?.boolValue ?? false, score: score.doubleValue ?? 0)
            }
            // A category that is flagged counts without a score, too.
            let others = (flags ?? [:]).filter { name, _ in scores?[name] == nil }
            return scored + others.map { name, flag in (name: name, isFlagged: flag.boolValue ?? false, score: 0) }
        }
    }

    /// The body that would be sent; nothing is sent.
    public func wireRequest(for input: ModerationInput) -> JSONValue { .object(exchange.fields(of: input)) }
}

/// A classifier of the Mistral API (`POST /v1/classifications`, and `/v1/chat/classifications` for conversations).
///
/// A category of a verdict is a label with its target before it, `sentiment.negative`; of each target the label with the
/// highest score is flagged.
public struct MistralClassifierModel: ModerationModel {
    public let name: String
    private let exchange: ClassifierExchange

    public init(name: String, client: MistralClient) {
        self.name = name
        exchange = ClassifierExchange(model: name, client: client, noun: "classifications")
    }

    public func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        try await exchange.classify(input, onEvent) { fields throws(ModelError) in
            fields.flatMap { target, value in
                let scores = (value["scores"]?.objectValue ?? [:]).map { ($0, $1.doubleValue ?? 0) }
                let best = scores.map(\.1).max()
                return scores.map { (name: "\(target).\($0)", isFlagged: $1 == best, score: $1) }
            }
        }
    }

    /// The body that would be sent; nothing is sent.
    public func wireRequest(for input: ModerationInput) -> JSONValue { .object(exchange.fields(of: input)) }
}
