// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// One line of a configuration file.
struct TOMLLine {
    private let line: String
    private let place: String

    init(_ line: String, _ place: String) {
        self.line = line
        self.place = place
    }

    /// The key and its value; `nil` for an empty line and a comment.
    func member() throws -> (String, JSONValue)? {
        let text = line.trimmed
        if text.isEmpty || text.hasPrefix("#") { return nil }
        if let quote = text.first, quote == "\"" || quote == "'" {
            let (key, rest) = try string(text.dropFirst(), quote)
            guard rest.first == "=" else { throw wrong("expected '=' after the key") }
            return (key, try value(String(rest.dropFirst()).trimmed))
        }
        guard let equals = text.firstIndex(of: "=") else { throw wrong("expected key = value") }
        let key = String(text[..<equals]).trimmed
        guard !key.isEmpty, key.utf8.allSatisfy({ Self.isBare($0) }) else {
            throw wrong("expected a plain key before '='")
        }
        return (key, try value(String(text[text.index(after: equals)...]).trimmed))
    }

    /// The name of the table that begins here; `nil` when none does.
    func table() throws -> String? {
        let text = line.trimmed
        guard text.hasPrefix("[") else { return nil }
        let name = text.dropFirst().prefix { $0 != "]" }
        let rest = String(text.dropFirst(name.count + 2)).trimmed
        guard text.dropFirst(name.count + 1).first == "]", rest.isEmpty || rest.hasPrefix("#") else {
            throw wrong("expected a table such as [approvals]")
        }
        let key = String(name).trimmed
        guard !key.isEmpty, key.utf8.allSatisfy({ Self.isBare($0) }) else {
            throw wrong("expected a table with a plain name, such as [approvals]")
        }
        return key
    }

    private func value(_ text: String) throws -> JSONValue {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let (text, rest) = try string(text.dropFirst(), quote)
            guard rest.isEmpty || rest.hasPrefix("#") else {
                throw wrong("expected the end of the line after the string")
            }
            return .string(text)
        }
        let word = String(text.prefix { $0 != "#" }).trimmed
        switch word {
        case "true": return true
        case "false": return false
        default: break
        }
        let digits = word.filter { $0 != "_" }
        if let integer = Int64(digits) { return .integer(integer) }
        if let number = Double(digits), number.isFinite, digits.contains(where: \.isNumber) { return .number(number) }
        throw wrong("expected a string in quotes, a number, true or false")
    }

    /// A basic string with JSON's escapes, or a literal string without any, and what stands behind it.
    private func string(_ text: Substring, _ quote: Character) throws -> (text: String, rest: String) {
        var end = text.startIndex
        while end < text.endIndex, text[end] != quote {
            if quote == "\"" && text[end] == "\\" { end = text.index(after: end) }
            if end < text.endIndex { end = text.index(after: end) }
        }
        guard end < text.endIndex else { throw wrong("the string does not end on its line") }
        let rest = String(text[text.index(after: end)...]).trimmed
        guard quote == "\"" else { return (String(text[..<end]), rest) }
        do {
            return (try JSONValue(parsing: "\"\(text[..<end])\"").stringValue ?? "", rest)
        } catch {
            throw wrong("the string has an escape that is not known")
        }
    }

    private func wrong(_ what: String) -> ConfigurationError { ConfigurationError("\(place): \(what)") }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
