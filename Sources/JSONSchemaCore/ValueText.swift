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

    static func types(_ types: TypeSet) -> String {
        var words: [String] = []
        if types.contains(.null) { words.append("null") }
        if types.contains(.boolean) { words.append("a boolean") }
        if types.contains(.number) {
            words.append("a number")
        } else if types.contains(.integer) {
            words.append("an integer")
        }
        if types.contains(.string) { words.append("a string") }
        if types.contains(.array) { words.append("an array") }
        if types.contains(.object) { words.append("an object") }
        return alternatives(words)
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
