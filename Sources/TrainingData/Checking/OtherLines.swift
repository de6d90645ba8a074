// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A line of plain text: `text` or `content`, one of them.
struct PretrainLine {
    private(set) var list = FindingList()

    init(_ line: JSONObject) {
        if line["text"] != nil, line["content"] != nil {
            list.error(JSONPointer(tokens: ["content"]), "'text' and 'content' exclude each other")
            return
        }
        let key = line["content"] == nil ? "text" : "content"
        guard let value = line[key] else {
            list.error(JSONPointer(), "expected 'text' or 'content'")
            return
        }
        guard let text = value.stringValue else {
            list.error(JSONPointer(tokens: [key]), expected: "a string", found: value)
            return
        }
        if text.isEmpty { list.warn(JSONPointer(tokens: [key]), "an empty text") }
    }
}

/// A line for a classifier: a text or a conversation, and a label, or several, of each target. These are the rules of the
/// platform's documentation; the open-source trainer has no classifiers.
struct ClassifierLine {
    private(set) var list = FindingList()
    /// The targets that the line labels.
    private(set) var targets: [String] = []

    init(_ line: JSONObject) {
        checkSubject(line)
        guard let labels = line["labels"] else {
            list.error(JSONPointer(), "expected 'labels': { target: value }")
            return
        }
        guard let labels = labels.objectValue, !labels.isEmpty else {
            list.error(JSONPointer(tokens: ["labels"]), "expected an object with at least one target")
            return
        }
        targets = labels.keys
        for (target, value) in labels { checkLabel(value, JSONPointer(tokens: ["labels", target])) }
    }

    private mutating func checkLabel(_ value: JSONValue, _ place: JSONPointer) {
        if value.stringValue != nil { return }
        guard let values = value.arrayValue else {
            list.error(place, expected: "a label or a list of labels", found: value)
            return
        }
        if values.isEmpty { list.warn(place, "no label") }
        for (index, value) in values.enumerated() where value.stringValue == nil {
            list.error(place.appending(index), expected: "a string", found: value)
        }
    }

    private mutating func checkSubject(_ line: JSONObject) {
        if line["text"] != nil, line["messages"] != nil {
            list.error(JSONPointer(tokens: ["messages"]), "'text' and 'messages' exclude each other")
        } else if let text = line["text"] {
            if text.stringValue == nil { list.error(JSONPointer(tokens: ["text"]), expected: "a string", found: text) }
        } else if let messages = line["messages"] {
            checkMessages(messages)
        } else {
            list.error(JSONPointer(), "expected 'text' or 'messages'")
        }
    }

    private mutating func checkMessages(_ value: JSONValue) {
        let place = JSONPointer(tokens: ["messages"])
        guard let messages = value.arrayValue, !messages.isEmpty else {
            list.error(place, expected: "a list of messages", found: value)
            return
        }
        for (index, message) in messages.enumerated() {
            _ = InstructMessage(message, at: place.appending(index), isLast: index == messages.count - 1, &list)
        }
    }
}
