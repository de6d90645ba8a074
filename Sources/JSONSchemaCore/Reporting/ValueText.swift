// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Values and lists in the words of messages.
enum ValueText {
    /// A scalar as JSON, at most 80 characters of it; a container by its type, as its text would say too much.
    static func describe(_ value: JSONValue) -> String {
        switch value {
        case .array: "an array"
        case .object: "an object"
        case .string(let text): quote(text)
        case .number(let number) where !number.isFinite: number.description
        default: (try? value.serialized()) ?? value.typeName
        }
    }

    static func describe(_ view: JSONTapeView, _ position: Int) -> String {
        switch view[position].kind {
        case .array: "an array"
        case .object: "an object"
        default: describe(JSONValue(view, at: position))
        }
    }

    /// A value of the schema: a container as JSON too, since the model has to write it.
    static func literal(_ value: JSONValue) -> String {
        switch value {
        case .array, .object: shorten((try? value.serialized()) ?? value.typeName)
        default: describe(value)
        }
    }

    static func quote(_ text: String) -> String {
        let shortened = String(text.prefix(80))
        let json = (try? JSONValue.string(shortened).serialized()) ?? "\"\""
        return shortened.utf8.count == text.utf8.count ? json : json.dropLast() + "…\""
    }

    private static func shorten(_ text: String) -> String {
        let shortened = String(text.prefix(80))
        return shortened.utf8.count == text.utf8.count ? text : shortened + "…"
    }

    /// `a`, `a or b`, `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Types by the words of `type`, in one order whatever theirs is.
    static func types(_ names: Set<String>) -> String {
        var words: [String] = []
        if names.contains("null") { words.append("null") }
        if names.contains("boolean") { words.append("a boolean") }
        if names.contains("number") {
            words.append("a number")
        } else if names.contains("integer") {
            words.append("an integer")
        }
        if names.contains("string") { words.append("a string") }
        if names.contains("array") { words.append("an array") }
        if names.contains("object") { words.append("an object") }
        return alternatives(words)
    }

    /// One of the values; of more than 20 the first 20.
    static func choice(_ values: [JSONValue]) -> String {
        if values.isEmpty { return "one of no values" }
        let shown = values.prefix(20).map(literal).joined(separator: ", ")
        let rest = values.count > 20 ? " and \(values.count - 20) others" : ""
        return values.count == 1 ? shown : "one of \(shown)\(rest)"
    }

    static func number(_ number: SchemaNumber) -> String {
        switch number {
        case .integer(let value): String(value)
        case .double(let value): describe(.number(value))
        }
    }

    /// `1 item`, `2 items`.
    static func count(_ count: Int, _ noun: String, _ plural: String) -> String {
        "\(count) \(count == 1 ? noun : plural)"
    }
}
