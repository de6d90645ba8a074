// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The limits of the Mistral API's chat completion request, checked before it is sent.
enum MistralRequestRules {
    static let maxTools = 128

    /// `request` checked, with its messages in the order that the API takes.
    static func prepared(_ request: ModelRequest) throws(ModelError) -> ModelRequest {
        try check(request)
        var request = request
        request.messages = try MessageOrder.repaired(request.messages)
        return request
    }

    /// - Throws: ``ModelError/Code/invalidRequest``, which names the field, what it may be and what it was.
    static func check(_ request: ModelRequest) throws(ModelError) {
        try check(request.options)
        try check(request.tools)
        if case .jsonSchema(let name, let schema, _) = request.responseFormat {
            try checkName(name, of: "response_format.json_schema.name")
            guard schema.objectValue != nil else {
                throw refusal("response_format.json_schema.schema", "an object", schema.typeName)
            }
        }
        try GuardrailRules.check(request.options.extra)
        for (name, _) in request.options.extra {
            guard let advice = foreignFields[name] else { continue }
            throw ModelError(.invalidRequest, "the Mistral API refuses the field '\(name)': \(advice)")
        }
    }

    static func check(_ options: ModelOptions) throws(ModelError) {
        try MistralRule.check("temperature", options.temperature, isIn: 0...1.5)
        if let value = options.topP, !(value > 0 && value <= 1) {
            throw refusal("top_p", "a number over 0, at most 1", "\(value)")
        }
        try MistralRule.check("presence_penalty", options.presencePenalty, isIn: -2...2)
        try MistralRule.check("frequency_penalty", options.frequencyPenalty, isIn: -2...2)
        try MistralRule.check("max_tokens", options.maxTokens, isAtLeast: 0)
        if let value = options.randomSeed, value < 0 { throw refusal("random_seed", "0 or more", "\(value)") }
        try MistralRule.check("prompt_mode", options.promptMode, isOneOf: ["reasoning"])
        try MistralRule.check(
            "reasoning_effort", options.reasoningEffort, isOneOf: ["none", "minimal", "low", "medium", "high", "xhigh"])
    }

    private static func check(_ tools: [ToolDefinition]) throws(ModelError) {
        guard tools.count <= maxTools else { throw refusal("tools", "at most \(maxTools) tools", "\(tools.count)") }
        var names: Set<String> = []
        for (index, tool) in tools.enumerated() {
            try checkName(tool.name, of: "tools[\(index)].function.name")
            guard names.insert(tool.name).inserted else {
                throw ModelError(.invalidRequest, "tools[\(index)]: there are two tools of the name '\(tool.name)'")
            }
            guard tool.parameters.objectValue != nil else {
                throw refusal("tools[\(index)].function.parameters", "a JSON Schema object", tool.parameters.typeName)
            }
        }
    }

    private static func checkName(_ name: String, of field: String) throws(ModelError) {
        guard FunctionName.isValid(name) else {
            throw refusal(field, "1 to 64 of a-z, A-Z, 0-9, '_' and '-'", "\"\(name.prefix(80))\"")
        }
    }

    private static func refusal(_ field: String, _ expected: String, _ found: String) -> ModelError {
        MistralRule.refusal(field, expected, found)
    }

    /// Fields of other APIs that this one answers with 422 `extra_forbidden`, and what to do instead.
    private static let foreignFields = [
        "seed": "use random_seed", "max_completion_tokens": "use max_tokens",
        "stream_options": "usage comes in streams without asking", "store": "there is nothing in its place",
        "user": "use metadata", "functions": "use tools", "function_call": "use tool_choice",
        "logit_bias": "there is nothing in its place", "modalities": "there is nothing in its place",
        "reasoning": "use reasoning_effort", "verbosity": "there is nothing in its place",
    ]
}

/// The names that functions may have: `^[a-zA-Z0-9_-]{1,64}$`.
enum FunctionName {
    static func isValid(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }

    /// `name` with what is not allowed replaced by `_`.
    static func repaired(_ name: String) -> String {
        if isValid(name) { return name }
        let bytes = name.utf8.prefix(64).map { isAllowed($0) ? $0 : 0x5F }
        return bytes.isEmpty ? "unnamed" : String(decoding: bytes, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
        default: false
        }
    }
}
