// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The result of a call on its way into the journal, with what the operator was told.
struct RecordedToolCall: Sendable {
    var result: ToolResult
    /// What the tool threw.
    var fault: String?
    /// Whether it is a text, although it reads as JSON: whoever called without a model is to get it as it was.
    var isText = false
    /// Whether it was stopped because it took too long.
    var isLate = false
    /// Whether its tool was not run, because its key had been used.
    var isSkipped = false
}

extension JournalForm<RecordedToolCall> {
    static func tool(_ call: ToolCall) -> JournalForm {
        JournalForm(
            encode: { JournalAnswer($0.journalValue) },
            decode: { RecordedToolCall(journalValue: $0, of: call) })
    }
}

extension RecordedToolCall {
    var journalValue: JSONValue {
        var fields: JSONObject = ["content": .string(result.content)]
        if result.isError { fields["is_error"] = true }
        fields["fault"] = fault.map { .string($0) }
        if isText { fields["text"] = true }
        if isLate { fields["late"] = true }
        if isSkipped { fields["skipped"] = true }
        return .object(fields)
    }

    /// - Parameter keepsForm: whether the result may be given to a call that no model made.
    init(_ output: ToolOutput, of call: ToolCall, keepsForm: Bool) throws {
        result = try call.result(of: output)
        if keepsForm, case .text(let text) = output { isText = (try? JSONValue(parsing: text)) != nil }
    }

    init(journalValue value: JSONValue, of call: ToolCall) {
        result = ToolResult(
            callID: call.id, name: call.name, content: value["content"]?.stringValue ?? "",
            isError: value["is_error"]?.boolValue ?? false)
        fault = value["fault"]?.stringValue
        isText = value["text"]?.boolValue ?? false
        isLate = value["late"]?.boolValue ?? false
        isSkipped = value["skipped"]?.boolValue ?? false
    }
}

extension JournalForm<ToolOutput> {
    /// The output of a tool whose calls are recorded as a whole.
    static var output: JournalForm {
        JournalForm(
            encode: { output in
                switch output {
                case .text(let text): JournalAnswer(["text": .string(text)])
                case .value(let value): JournalAnswer(["value": value])
                case .failure(let reason): JournalAnswer(["failure": .string(reason)])
                }
            },
            decode: { value in
                if let text = value["text"]?.stringValue { return .text(text) }
                if let reason = value["failure"]?.stringValue { return .failure(reason) }
                return .value(value["value"] ?? .null)
            },
            encodeFailure: { error in
                error is CancellationError || error is JournalError || error is RunError || error is DeadlineError
                    ? nil : ["reason": .string("\(error)")]
            },
            decodeFailure: { RecordedFailure(description: $0["reason"]?.stringValue ?? "") })
    }
}
