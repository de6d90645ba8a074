// SPDX-License-Identifier: Apache-2.0

/// Where servers that share the chat completion API differ in what they take.
public struct ChatDialect: Sendable, Equatable {
    /// The field that bounds the answer. Default `max_tokens`; newer OpenAI models take only `max_completion_tokens`.
    public var maxTokensField: String
    /// Default `seed`.
    public var seedField: String
    /// The word for "at least one call". Default `required`.
    public var anyToolWord: String
    /// Whether usage is asked for in streams by `stream_options`. Default true.
    public var asksForStreamUsage: Bool
    /// Whether `prompt_mode` and `safe_prompt` are fields; if not, the safety prompt is put first by ourselves.
    package var hasMistralFields: Bool
    /// Whether the server tells the model of a JSON Schema itself; if not, we do.
    package var putsSchemaInPrompt: Bool
    /// Whether `arguments` of earlier calls must be JSON objects: chat templates parse them.
    package var needsValidArguments: Bool

    public init(
        maxTokensField: String = "max_tokens", seedField: String = "seed", anyToolWord: String = "required",
        asksForStreamUsage: Bool = true
    ) {
        self.maxTokensField = maxTokensField
        self.seedField = seedField
        self.anyToolWord = anyToolWord
        self.asksForStreamUsage = asksForStreamUsage
        hasMistralFields = false
        putsSchemaInPrompt = false
        needsValidArguments = true
    }

    /// The Mistral API's: `random_seed`, `any`, usage unasked, and fields of its own.
    package static let mistral: ChatDialect = {
        var dialect = ChatDialect(seedField: "random_seed", anyToolWord: "any", asksForStreamUsage: false)
        dialect.hasMistralFields = true
        dialect.putsSchemaInPrompt = true
        dialect.needsValidArguments = false
        return dialect
    }()

    /// The embedded engine's, whose prompt is made before the request is.
    package static let embedded: ChatDialect = {
        var dialect = ChatDialect()
        dialect.putsSchemaInPrompt = true
        return dialect
    }()
}
