// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

extension RunResult {
    /// The reply as scripts and `--json` see it.
    package var scriptValue: JSONValue {
        var fields: JSONObject = [
            "text": .string(text), "usage": usage.scriptValue(cost: cost),
            "tool_calls": .array(toolCalls.map(\.scriptValue)),
            "messages": .array(messages.map(\.scriptValue)), "finish_reason": .string(finishReason.rawValue),
            "turns": .integer(Int64(turns)),
        ]
        if let output { fields["output"] = output }
        if let stopped { fields["stopped"] = .string(stopped.rawValue) }
        if !guardrails.isEmpty { fields["guardrails"] = .array(guardrails.map { .object($0.scriptFields) }) }
        return .object(fields)
    }
}

extension Usage {
    package var scriptValue: JSONValue { scriptValue(cost: nil) }

    /// - Parameter cost: left out when it is not known: unknown is not 0.
    package func scriptValue(cost: Dollars?) -> JSONValue {
        var fields: JSONObject = [
            "prompt_tokens": .integer(Int64(promptTokens)), "completion_tokens": .integer(Int64(completionTokens)),
            "total_tokens": .integer(Int64(totalTokens)),
        ]
        for (name, count) in [
            ("cached_tokens", cachedTokens), ("audio_seconds", audioSeconds), ("pages", pages),
            ("annotated_pages", annotatedPages),
        ] where count > 0 {
            fields[name] = .integer(Int64(count))
        }
        if let cost { fields["cost"] = .number(cost.doubleValue) }
        return .object(fields)
    }
}

extension ToolCallRecord {
    package var scriptValue: JSONValue {
        let arguments = (try? JSONValue(parsing: call.arguments)) ?? .string(call.arguments)
        var fields: JSONObject = ["id": .string(call.id), "name": .string(call.name), "arguments": arguments]
        fields[result.isError ? "error" : "result"] = result.scriptValue
        return .object(fields)
    }
}

extension ToolResult {
    /// The content: the value it is JSON of, else the text.
    fileprivate var scriptValue: JSONValue {
        isError ? .string(content) : (try? JSONValue(parsing: content)) ?? .string(content)
    }
}

extension RunEvent {
    /// The event as scripts and `--jsonl` see it.
    package var scriptValue: JSONValue {
        switch self {
        case .turn(let turn, _): ["type": "turn", "turn": .integer(Int64(turn))]
        case .text(let text): ["type": "text", "text": .string(text)]
        case .partial(let value): ["type": "partial", "partial": value]
        case .thinking(let text): ["type": "thinking", "text": .string(text)]
        case .toolCall(let call):
            [
                "type": "tool_call", "id": .string(call.id), "name": .string(call.name),
                "arguments": (try? JSONValue(parsing: call.arguments)) ?? .string(call.arguments),
            ]
        case .toolResult(let result):
            [
                "type": "tool_result", "id": .string(result.callID), "name": .string(result.name),
                result.isError ? "error" : "result": result.scriptValue,
            ]
        case .toolFault(let call, let description):
            ["type": "tool_fault", "id": .string(call.id), "name": .string(call.name), "message": .string(description)]
        case .usage(let usage): ["type": "usage", "usage": usage.scriptValue]
        case .retrying(let attempt, _, let reason):
            ["type": "retry", "attempt": .integer(Int64(attempt)), "reason": .string(reason)]
        case .progress(let text): ["type": "progress", "text": .string(text)]
        case .guardrail(let report): report.event
        case .done(let result): ["type": "done", "reply": result.scriptValue]
        case .failed(let error): error.scriptValue
        }
    }
}

extension RunError {
    fileprivate var scriptValue: JSONValue {
        var fields: JSONObject = [
            "type": "error", "code": .string(code.rawValue), "message": .string(message),
        ]
        if let report = block { fields["guardrail"] = .object(report.scriptFields) }
        // Input that was blocked is in no log, unless its rule shows it.
        if block?.stage != .input || block?.text != nil { fields["messages"] = .array(messages.map(\.scriptValue)) }
        return .object(fields)
    }
}

extension GuardrailReport {
    fileprivate var event: JSONValue {
        var fields: JSONObject = ["type": "guardrail"]
        for (name, value) in scriptFields { fields[name] = value }
        return .object(fields)
    }

    /// The report as scripts and `--jsonl` see it; what is not known is left out.
    package var scriptFields: JSONObject {
        var fields: JSONObject = [
            "stage": .string(stage.rawValue), "guardrail": .string(guardrail), "outcome": .string(outcome.rawValue),
            "reason": .string(finding.reason), "owner": .string(owner),
        ]
        fields["category"] = finding.category.map { .string($0) }
        fields["score"] = finding.score.map { .number($0) }
        fields["threshold"] = finding.threshold.map { .number($0) }
        if isFailure { fields["failed"] = true }
        fields["tool"] = tool.map { .string($0) }
        fields["text"] = text.map { .string($0) }
        fields["shown_characters"] = shownCharacters.map { .integer(Int64($0)) }
        return fields
    }
}
