// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// What kind of thing a record is, as people tell steps apart.
package enum StepKind: String, Sendable, CaseIterable {
    case model, tool, human, guardrail, group, door

    package var title: String {
        switch self {
        case .model: "model"
        case .tool: "tool"
        case .human: "person"
        case .guardrail: "guardrail"
        case .group: "agent, map"
        case .door: "effect at the door"
        }
    }
}

extension JournalRecord {
    package var kind: StepKind {
        switch operation {
        case "model": .model
        case "tool", "tool.call": .tool
        case "approval": .human
        case "guardrail": .guardrail
        default: isGroup ? .group : .door
        }
    }

    /// `model mistral-small-latest`, `fs.write notes.txt`.
    package var label: String { name.isEmpty ? operation : "\(operation) \(name)" }

    /// Microseconds; `nil` while it is not answered.
    package var duration: Int64? { ended.map { max(0, $0 - began) } }

    /// Why there is no answer, or what a tool says went wrong.
    package var failure: String? {
        guard let outcome else { return nil }
        if outcome.isFailure {
            if outcome.value["cancelled"]?.boolValue == true { return "stopped before there was an answer" }
            return outcome.value["message"]?.stringValue ?? outcome.value["reason"]?.stringValue
                ?? outcome.value.stringValue ?? outcome.value.compactText
        }
        return isErrorResult ? resultText ?? "error" : nil
    }

    /// Whether it did not go well.
    package var isBad: Bool { failure != nil }

    /// What a model answered.
    package var answer: Message? {
        guard operation == "model", let outcome, !outcome.isFailure else { return nil }
        let value = outcome.value
        if let message = value["message"].flatMap({ Message(journalValue: $0) }) { return message }
        if value["role"] != nil { return Message(journalValue: value) }
        return (value.stringValue ?? value["text"]?.stringValue).map { .assistant($0) }
    }

    /// Why a model stopped.
    package var finishReason: String? { outcome?.value["finish_reason"]?.stringValue }

    /// The model that answered, where it is said.
    package var answeringModel: String? {
        outcome.flatMap { $0.isFailure ? nil : $0.value["model"]?.stringValue }
    }

    /// The call that a tool answers.
    package var callID: String? { (request["call"] ?? request["id"] ?? request["call_id"])?.stringValue }

    /// The arguments of a tool as JSON text.
    package var argumentsText: String? {
        guard kind == .tool else { return nil }
        let value = request["arguments"] ?? request
        return value.isNull ? nil : value.stringValue ?? value.compactText
    }

    /// What a tool answered.
    package var resultText: String? {
        guard let value = outcome?.value else { return nil }
        let content = value["content"] ?? value["text"] ?? value["failure"] ?? value["value"] ?? value
        return content.stringValue ?? content.compactText
    }

    private var isErrorResult: Bool {
        kind == .tool && (outcome?.value["is_error"]?.boolValue == true || outcome?.value["failure"] != nil)
    }
}

extension JSONValue {
    package var compactText: String { (try? serialized()) ?? "?" }
    package var prettyText: String { (try? serialized(indent: 2)) ?? "?" }
}
