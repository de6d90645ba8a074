// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// Where what is asked is not what was recorded, in words that show both sides.
extension JournalRecord {
    /// - Parameter ignoresModel: whether another model with other settings is no difference.
    /// - Returns: `nil` when `step` asks what the record did.
    func difference(to step: JournalStep, _ secrets: SecretRedactor, ignoresModel: Bool) -> JournalError? {
        guard operation == step.operation else { return differs("it asked for", operation, step.operation) }
        let isFree = ignoresModel && (operation == "model" || operation == "agent.run")
        let name = secrets.redact(step.name)
        // A model that is not to be had here has no name.
        let isUnknown = operation == "model" || operation == "agent.run" ? name.isEmpty : false
        if self.name != name, !isFree, !isUnknown { return differs("\(operation) of", self.name, name) }
        if let place = messages.firstDifference(to: step.messages, secrets) {
            return differs(
                "\(place < 0 ? "messages" : "messages/\(place)")", shown(messages, place), shown(step.messages, place))
        }
        let request = secrets.redact(step.request)
        guard self.request != request, !isFree else { return nil }
        let pointer = self.request.firstDifference(to: request)
        return differs("\(pointer)", shown(self.request, pointer), shown(request, pointer))
    }

    private func differs(_ what: String, _ recorded: String, _ found: String) -> JournalError {
        JournalError(
            .divergence, "\(title): the run does not do what was recorded: \(what): recorded \(recorded), now \(found)",
            record: number)
    }

    /// How errors and people call the record.
    package var title: String {
        let what = name.isEmpty ? operation : "\(operation) \(name)"
        return "record \(number) (\(what), step \(path))"
    }

    private func shown(_ messages: [Message], _ place: Int) -> String {
        guard place >= 0 else { return "\(messages.count) messages" }
        return place < messages.count ? shownShort(messages[place].journalValue) : "nothing"
    }

    private func shown(_ value: JSONValue, _ pointer: JSONPointer) -> String {
        pointer.value(in: value).map(shownShort) ?? "nothing"
    }
}

/// At most so many characters of a value are shown.
private let shownCharacters = 160

func shownShort(_ value: JSONValue) -> String {
    let text = (try? value.serialized()) ?? "?"
    return text.count > shownCharacters ? text.prefix(shownCharacters) + "…" : text
}

extension JournalError {
    static func answer(of record: JournalRecord, recorded: JSONValue, found: JSONValue) -> JournalError {
        let pointer = recorded.firstDifference(to: found)
        let sides = [recorded, found].map { pointer.value(in: $0).map(shownShort) ?? "nothing" }
        return JournalError(
            .divergence,
            "\(record.title): what came of it is not what was recorded: \(pointer): recorded \(sides[0]), now \(sides[1])",
            record: record.number)
    }

    static func goesOn(_ record: JournalRecord) -> JournalError {
        JournalError(
            .divergence, "\(record.title): recorded, but the run ended without it", record: record.number)
    }

    static func lineEnded(_ path: JournalPath) -> JournalError {
        JournalError(.divergence, "step \(path): it ended earlier than was recorded")
    }

    static func unrecorded(_ step: JournalStep, _ secrets: SecretRedactor) -> JournalError {
        let name = step.name.isEmpty ? "" : " " + secrets.redact(step.name)
        let request = step.request.isNull ? "" : " " + shownShort(secrets.redact(step.request))
        return JournalError(.divergence, "the run asks for \(step.operation)\(name)\(request), which was not recorded")
    }

    static func redacted(_ record: JournalRecord) -> JournalError {
        JournalError(
            .doubt, "\(record.title): its answer held a secret, which was not recorded; the run cannot be resumed",
            record: record.number)
    }

    static func refused(_ step: JournalStep, _ secrets: SecretRedactor) -> JournalError {
        JournalError(
            .missing,
            "the fork would do what was not recorded: \(step.operation) \(secrets.redact(step.name)); it is not allowed to"
        )
    }

    static func recordingEnds(_ step: JournalStep) -> JournalError {
        JournalError(
            .missing, "the recording ends here, before \(step.operation) \(step.name): the run was not finished")
    }

    static func inDoubt(_ record: JournalRecord) -> JournalError {
        JournalError(
            .doubt,
            "\(record.title): it had begun when the run was cut off, and nobody knows whether it happened",
            record: record.number)
    }
}

extension [Message] {
    /// - Returns: the place of the first message that differs; −1 when only the number of messages does.
    fileprivate func firstDifference(to others: [Message], _ secrets: SecretRedactor) -> Int? {
        for (place, (left, right)) in zip(self, others).enumerated() where left != right {
            if left != right.redacted(by: secrets) { return place }
        }
        return count == others.count ? nil : Swift.min(count, others.count)
    }
}

extension JSONValue {
    /// The deepest place that tells the two apart.
    package func firstDifference(to other: JSONValue) -> JSONPointer {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            for (name, value) in left where right[name] != value {
                return JSONPointer(tokens: [name] + (right[name].map { value.firstDifference(to: $0).tokens } ?? []))
            }
            for (name, _) in right where left[name] == nil { return JSONPointer(tokens: [name]) }
        case (.array(let left), .array(let right)):
            for (place, (one, two)) in zip(left, right).enumerated() where one != two {
                return JSONPointer(tokens: ["\(place)"] + one.firstDifference(to: two).tokens)
            }
            if left.count != right.count { return JSONPointer(tokens: ["\(Swift.min(left.count, right.count))"]) }
        default: break
        }
        return JSONPointer()
    }
}
