// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something that answers a conversation: a provider's API, an embedded engine, a script of answers in a test.
///
/// A model sees the request alone, never the session, the tools' implementations or the loop.
public protocol Model: Sendable {
    /// The name that results and logs show, such as `mistral-small-latest` or `local`.
    var name: String { get }

    /// The names by which ``PriceTable`` knows the models that may answer: one, or all of a chain. By default ``name``.
    var pricingNames: [String] { get }

    /// Answers `request`.
    ///
    /// - Parameter onEvent: called in order with each piece as it arrives. A model that does not stream, or a request
    ///   whose `streams` is false, calls it for whole pieces or not at all; the response is complete either way.
    ///   What it throws ends the call.
    /// - Returns: the whole response.
    /// - Throws: ``ModelError``, or `CancellationError` when the task was cancelled, which also closes the connection.
    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse

    /// The body that `respond` would send for `request`, for people who want to see it. Nothing is sent.
    ///
    /// - Throws: ``ModelError`` when the request could not be sent.
    func wireRequest(for request: ModelRequest) throws -> JSONValue

    /// The keywords of `schema` that structured output and tool arguments cannot break, because they are in the grammar
    /// that the answer is written by: each as the place of the keyword, `/properties/name/type`. By default none: what a
    /// provider promises is not counted. All of the schema is checked after the answer in any case.
    func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer>

    /// Whether the fields `logprobs` and `top_logprobs` of ``ModelOptions/extra`` are taken, so that
    /// ``ModelResponse/tokens`` holds what else could have been written. By default not.
    var reportsTokens: Bool { get }

    /// Tokens of prompt and answer together that the model takes; `nil`, the default, when that is not known here.
    var contextTokens: Int? { get }
}

extension Model {
    public var pricingNames: [String] { [name] }
    public func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> { [] }
    public var reportsTokens: Bool { false }
    public var contextTokens: Int? { nil }
}

/// A piece of a response while it arrives.
public enum ModelEvent: Sendable, Equatable {
    case text(String)
    case thinking(String)
    /// The model is waited for again: attempt `attempt` failed for `reason` and is repeated after `delay`.
    case retrying(attempt: Int, delay: Duration, reason: String)
    /// Something that takes long before the first token, such as loading weights.
    case progress(String)
}

/// What a model answered.
public struct ModelResponse: Sendable, Equatable {
    /// The provider's id of the response; empty when it has none.
    public var id: String
    /// The model that answered, by the provider's word.
    public var model: String
    /// The assistant message, with its tool calls.
    public var message: Message
    public var finishReason: FinishReason
    /// `nil` when the provider did not say.
    public var usage: Usage?
    /// Which of the ``Model/pricingNames`` answered; `nil` where there is only one.
    public var pricingName: String?
    /// The tokens of the answer, where they were asked for and the server tells them; else empty.
    public var tokens: [TokenChoice]
    /// What the provider's own guardrails said of the input, in its form; `nil` when it said nothing.
    public var guardrails: JSONValue?

    public init(
        id: String = "", model: String = "", message: Message, finishReason: FinishReason = .stop, usage: Usage? = nil,
        pricingName: String? = nil, tokens: [TokenChoice] = [], guardrails: JSONValue? = nil
    ) {
        self.id = id
        self.model = model
        self.message = message
        self.finishReason = finishReason
        self.usage = usage
        self.pricingName = pricingName
        self.tokens = tokens
        self.guardrails = guardrails
    }
}
