// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension JournalForm<[GuardrailVerdict]> {
    static var guardrail: JournalForm {
        JournalForm(
            encode: { JournalAnswer(.array($0.map(\.journalValue))) },
            decode: { value in try (value.arrayValue ?? []).map { try GuardrailVerdict(journalValue: $0) } },
            encodeFailure: { error in
                if error is CancellationError || error is JournalError { return nil }
                return ["reason": .string("\(error)"), "deadline": .bool(error is DeadlineError)]
            },
            decodeFailure: { value in
                if value["deadline"]?.boolValue == true { return DeadlineError() }
                return RecordedFailure(description: value["reason"]?.stringValue ?? "")
            })
    }
}

/// A failure as its words were recorded.
struct RecordedFailure: Error, CustomStringConvertible {
    let description: String
}

extension GuardrailVerdict {
    fileprivate var journalValue: JSONValue {
        switch self {
        case .pass: return "pass"
        case .flag(let finding): return .object(finding.fields(["action": "flag"]))
        case .block(let finding): return .object(finding.fields(["action": "block"]))
        case .replace(let text, let finding):
            return .object(finding.fields(["action": "replace", "text": .string(text)]))
        }
    }

    fileprivate init(journalValue value: JSONValue) throws(JournalError) {
        if value == "pass" {
            self = .pass
            return
        }
        let finding = GuardrailFinding(
            value["reason"]?.stringValue ?? "", category: value["category"]?.stringValue,
            score: value["score"]?.doubleValue, threshold: value["threshold"]?.doubleValue)
        switch (value["action"]?.stringValue, value["text"]?.stringValue) {
        case ("flag", _): self = .flag(finding)
        case ("block", _): self = .block(finding)
        case ("replace", let text?): self = .replace(text, finding)
        default: throw JournalError(.format, "the verdict of a guardrail: expected an action")
        }
    }
}

extension GuardrailFinding {
    fileprivate func fields(_ first: JSONObject) -> JSONObject {
        var fields = first
        fields["reason"] = .string(reason)
        fields["category"] = category.map { .string($0) }
        fields["score"] = score.map { .number($0) }
        fields["threshold"] = threshold.map { .number($0) }
        return fields
    }
}

extension ProviderFinding {
    var journalValue: JSONValue {
        var fields: JSONObject = ["guardrail": .string(guardrail), "category": .string(category)]
        fields["score"] = score.map { .number($0) }
        fields["threshold"] = threshold.map { .number($0) }
        return .object(fields)
    }

    init?(journalValue value: JSONValue) {
        guard let guardrail = value["guardrail"]?.stringValue, let category = value["category"]?.stringValue else {
            return nil
        }
        self.init(
            guardrail: guardrail, category: category, score: value["score"]?.doubleValue,
            threshold: value["threshold"]?.doubleValue)
    }
}
