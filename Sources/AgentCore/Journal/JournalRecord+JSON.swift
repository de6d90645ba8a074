// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// A record as one line of JSON, in which messages that stood in an earlier record are not said again.
extension JournalRecord {
    /// - Parameter before: the messages of the record `number`, of which this one's may be a continuation.
    package func lineValue(after before: (number: Int, messages: [Message])?) -> JSONValue {
        var fields: JSONObject = [
            "number": .integer(Int64(number)), "path": .string("\(path)"), "operation": .string(operation),
        ]
        if !name.isEmpty { fields["name"] = .string(name) }
        if effect != .read { fields["effect"] = .string(effect.rawValue) }
        if !request.isNull { fields["request"] = request }
        if !messages.isEmpty { addMessages(to: &fields, after: before) }
        fields["began"] = .integer(began)
        fields["ended"] = ended.map { .integer($0) }
        if let outcome {
            fields[outcome.isFailure ? "failure" : "answer"] = outcome.value
            if outcome.isRedacted { fields["redacted"] = true }
        }
        fields["usage"] = usage.map(\.journalValue)
        fields["cost"] = cost.map { .integer($0.picodollars) }
        return .object(fields)
    }

    private func addMessages(to fields: inout JSONObject, after before: (number: Int, messages: [Message])?) {
        var same = 0
        if let before {
            while same < before.messages.count, same < messages.count, before.messages[same] == messages[same] {
                same += 1
            }
        }
        if let before, same > 0 {
            fields["messages_of"] = .integer(Int64(before.number))
            fields["messages_kept"] = .integer(Int64(same))
        }
        fields["messages"] = .array(messages[same...].map(\.journalValue))
    }

    /// - Parameter messages: those of an earlier record, by its number.
    /// - Throws: ``JournalError`` with ``JournalError/Code/format`` that says what is missing.
    package init(lineValue value: JSONValue, messages earlier: (Int) -> [Message]?) throws(JournalError) {
        guard let number = value["number"]?.integerValue, number > 0,
            let path = value["path"]?.stringValue.flatMap({ JournalPath($0) }),
            let operation = value["operation"]?.stringValue, let began = value["began"]?.integerValue
        else { throw JournalError(.format, "a record needs number, path, operation and began") }
        self.init(number: Int(number), path: path, operation: operation, began: began)
        name = value["name"]?.stringValue ?? ""
        if let word = value["effect"]?.stringValue {
            guard let effect = ToolDefinition.Effect(rawValue: word) else { throw Self.wrong("effect", number) }
            self.effect = effect
        }
        request = value["request"] ?? .null
        if let first = value["messages_of"]?.integerValue, let kept = value["messages_kept"]?.integerValue {
            guard let others = earlier(Int(first)), kept >= 0, kept <= others.count else {
                throw Self.wrong("messages_of", number)
            }
            messages = Array(others[..<Int(kept)])
        }
        for message in value["messages"]?.arrayValue ?? [] {
            guard let message = Message(journalValue: message) else { throw Self.wrong("messages", number) }
            messages.append(message)
        }
        ended = value["ended"]?.integerValue
        if let failure = value["failure"] {
            outcome = Outcome(failure, isFailure: true, isRedacted: value["redacted"]?.boolValue ?? false)
        } else if let answer = value["answer"] {
            outcome = Outcome(answer, isRedacted: value["redacted"]?.boolValue ?? false)
        }
        usage = value["usage"].map { Usage(journalValue: $0) }
        cost = value["cost"]?.integerValue.map { Dollars(picodollars: $0) }
    }

    private static func wrong(_ field: String, _ number: Int64) -> JournalError {
        JournalError(.format, "record \(number): \(field) is not what was expected")
    }
}
