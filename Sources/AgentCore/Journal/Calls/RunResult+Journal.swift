// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension JournalForm<RunResult> {
    /// What a run came to. It is compared, never read back: the run is done again, answered by its records.
    static var run: JournalForm {
        JournalForm(
            encode: { JournalAnswer($0.journalValue) },
            decode: { _ in throw JournalError(.format, "a run has records of its own") },
            encodeFailure: { error in
                guard let error = error as? RunError, error.cause.map({ $0 is JournalError }) != true else {
                    return nil
                }
                if [.approval, .deferred, .cancelled].contains(error.code) { return nil }
                return ["code": .string(error.code.rawValue), "message": .string(error.message)]
            })
    }
}

extension RunResult {
    fileprivate var journalValue: JSONValue {
        var fields: JSONObject = ["text": .string(text), "finish_reason": .string(finishReason.rawValue)]
        fields["output"] = output
        fields["stopped"] = stopped.map { .string($0.rawValue) }
        return .object(fields)
    }
}

extension RunStateMachine.Configuration {
    /// What a run is given beside its messages.
    var journalValue: JSONValue {
        var fields: JSONObject = [:]
        fields["instructions"] = instructions.map { .string($0) }
        if !tools.isEmpty { fields["tools"] = .array(tools.map(\.journalValue)) }
        if toolChoice != .auto { fields["tool_choice"] = .string(toolChoice.journalWord) }
        if !options.journalFields.isEmpty { fields["options"] = .object(options.journalFields) }
        fields["limits"] = limits.journalValue
        return .object(fields)
    }
}

extension RunLimits {
    fileprivate var journalValue: JSONValue {
        var fields: JSONObject = ["turns": .integer(Int64(turns)), "tool_calls": .integer(Int64(toolCalls))]
        fields["tokens"] = tokens.map { .integer(Int64($0)) }
        fields["seconds"] = time.map { .number(Double($0.microseconds) / 1e6) }
        fields["usd"] = usd.map { .number($0.doubleValue) }
        return .object(fields)
    }
}
