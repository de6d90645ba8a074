// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The attributes of a span, in the JSON form of OTLP.
struct OTLPAttributes {
    private(set) var values: [JSONValue] = []

    init() {}

    init(_ record: JournalRecord, _ info: RunInfo, capturesContent: Bool) {
        set("agent.record.number", .integer(Int64(record.number)))
        set("agent.record.path", .string("\(record.path)"))
        switch record.operation {
        case "model": addModel(record)
        case "agent.run", "agent.stream": addAgent(record, info)
        default:
            if record.kind == .tool {
                addTool(record)
            } else if !record.isGroup {
                set("agent.effect", .string(record.effect.rawValue))
            }
        }
        if record.isBad { set("error.type", .string(Self.errorType(of: record))) }
        if capturesContent { addContent(record) }
    }

    mutating func set(_ name: String, _ value: JSONValue?) {
        guard let value, !value.isNull else { return }
        values.append(Self.member(name, value))
    }

    static func member(_ name: String, _ value: JSONValue) -> JSONValue { ["key": .string(name), "value": any(value)] }

    /// `AnyValue` of OTLP: integers are text, so that no reader rounds them.
    private static func any(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string: ["stringValue": value]
        case .bool: ["boolValue": value]
        case .integer(let number): ["intValue": .string("\(number)")]
        case .number: ["doubleValue": value]
        case .array(let values): ["arrayValue": ["values": .array(values.map(any))]]
        default: ["stringValue": .string(value.compactText)]
        }
    }

    /// `chat mistral-small-latest`, `execute_tool get_weather`, `invoke_agent`; what is not in the conventions by its operation.
    static func name(of record: JournalRecord) -> String {
        switch record.operation {
        case "model": "chat \(record.name)"
        case "agent.run", "agent.stream": "invoke_agent"
        default: record.kind == .tool ? "execute_tool \(record.name)" : record.operation
        }
    }

    // MARK: - Kinds of steps

    private mutating func addModel(_ record: JournalRecord) {
        set("gen_ai.operation.name", "chat")
        set("gen_ai.provider.name", .string(Self.provider(of: record.name)))
        set("gen_ai.request.model", .string(record.name))
        for (name, key) in Self.options { set("gen_ai.request." + key, record.request[name]) }
        set("gen_ai.output.type", record.request["response_format"] == nil ? "text" : "json")
        if let outcome = record.outcome, !outcome.isFailure {
            set("gen_ai.response.id", outcome.value["id"])
            set("gen_ai.response.model", record.answeringModel.flatMap { $0.isEmpty ? nil : .string($0) })
            set("gen_ai.response.finish_reasons", record.finishReason.map { [.string($0)] })
        }
        guard let usage = record.usage else { return }
        set("gen_ai.usage.input_tokens", .integer(Int64(usage.promptTokens)))
        set("gen_ai.usage.output_tokens", .integer(Int64(usage.completionTokens)))
        if usage.cachedTokens > 0 { set("gen_ai.usage.cache_read.input_tokens", .integer(Int64(usage.cachedTokens))) }
        set("agent.cost.usd", record.cost.map { .number($0.doubleValue) })
    }

    private static let options = [
        ("temperature", "temperature"), ("top_p", "top_p"), ("max_tokens", "max_tokens"), ("stop", "stop_sequences"),
        ("random_seed", "seed"), ("presence_penalty", "presence_penalty"), ("frequency_penalty", "frequency_penalty"),
    ]

    private mutating func addAgent(_ record: JournalRecord, _ info: RunInfo) {
        set("gen_ai.operation.name", "invoke_agent")
        set("gen_ai.provider.name", .string(Self.provider(of: record.name)))
        set("gen_ai.request.model", .string(record.name))
        set("gen_ai.conversation.id", info.session.map { .string($0) })
    }

    private mutating func addTool(_ record: JournalRecord) {
        set("gen_ai.operation.name", "execute_tool")
        set("gen_ai.tool.name", .string(record.name))
        set("gen_ai.tool.type", "function")
        set("gen_ai.tool.call.id", record.callID.map { .string($0) })
    }

    /// By the names that models have in scripts.
    private static func provider(of model: String) -> String {
        let families = ["mistral", "ministral", "codestral", "magistral", "devstral", "open-mi", "pixtral", "voxtral"]
        if families.contains(where: model.hasPrefix) { return "mistral_ai" }
        return model == "local" || model.hasPrefix("local:") ? "agent.local" : "openai"
    }

    /// A word of few, as the conventions want it.
    private static func errorType(of record: JournalRecord) -> String {
        guard let value = record.outcome?.value else { return "not_answered" }
        if value["cancelled"]?.boolValue == true { return "cancelled" }
        if let code = value["code"]?.stringValue { return code }
        return record.kind == .tool ? "tool_error" : "_OTHER"
    }

    // MARK: - Content

    private mutating func addContent(_ record: JournalRecord) {
        if record.operation == "model" {
            let system = record.messages.filter { $0.role == .system }
            if !system.isEmpty {
                set("gen_ai.system_instructions", .string(JSONValue.array(system.flatMap(\.parts)).compactText))
            }
            let others = record.messages.filter { $0.role != .system }
            set("gen_ai.input.messages", .string(JSONValue.array(others.map { $0.spanValue() }).compactText))
            let answer = record.answer.map { JSONValue.array([$0.spanValue(record.finishReason ?? "stop")]) }
            set("gen_ai.output.messages", answer.map { .string($0.compactText) })
        } else if record.kind == .tool {
            set("gen_ai.tool.call.arguments", record.argumentsText.map { .string($0) })
            set("gen_ai.tool.call.result", record.resultText.map { .string($0) })
        }
    }
}

extension Message {
    /// The message in the form of `gen_ai.input.messages`.
    fileprivate func spanValue(_ finishReason: String? = nil) -> JSONValue {
        var fields: JSONObject = ["role": .string(role.rawValue), "parts": .array(parts)]
        fields["finish_reason"] = finishReason.map { .string($0 == "tool_calls" ? "tool_call" : $0) }
        return .object(fields)
    }

    fileprivate var parts: [JSONValue] {
        if role == .tool {
            var part: JSONObject = ["type": "tool_call_response"]
            part["id"] = toolCallID.map { .string($0) }
            part["response"] = .string(text)
            return [.object(part)]
        }
        let texts = content.map { part -> JSONValue in
            switch part {
            case .text(let text): ["type": "text", "content": .string(text)]
            case .thinking(let text, _): ["type": "reasoning", "content": .string(text)]
            case .raw(let value): ["type": .string(value["type"]?.stringValue ?? "other")]
            }
        }
        return texts
            + toolCalls.map { call in
                let arguments = (try? JSONValue(parsing: call.arguments)) ?? .string(call.arguments)
                return [
                    "type": "tool_call", "id": .string(call.id), "name": .string(call.name), "arguments": arguments,
                ]
            }
    }
}
