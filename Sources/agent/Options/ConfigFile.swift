// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// `$XDG_CONFIG_HOME/agent/config.toml`: defaults for flags, below the environment and the flags themselves.
///
/// The file is TOML of the plainest kind (toml.io v1.0.0): lines of `key = value` with strings in quotes, integers, floats
/// and booleans, and comments. Tables, arrays, dates and many-line strings have no use here and are refused by name.
struct ConfigFile {
    let path: String
    private let values: [String: JSONValue]

    private static let known: [String: String] = [
        "model": "string", "safe_prompt": "boolean", "turns": "integer", "tool_calls": "integer", "tokens": "integer",
        "timeout": "number", "usd": "number",
    ]

    /// Reads the file of this user; without one there are no values.
    ///
    /// - Throws: ``ConfigurationError`` with file and line.
    static func load() throws -> ConfigFile {
        let path = folder + "/config.toml"
        guard let file = try? ScriptFile(path) else { return ConfigFile(path: path, values: [:]) }
        guard let text = String(validating: file.source, as: UTF8.self) else {
            throw ConfigurationError("\(path): expected UTF-8 text")
        }
        return try ConfigFile(path: path, text: text)
    }

    /// Where this user's files for `agent` are.
    static var folder: String {
        let home = environmentVariable("HOME") ?? ""
        let base = environmentVariable("XDG_CONFIG_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
        return base + "/agent"
    }

    private init(path: String, values: [String: JSONValue]) {
        self.path = path
        self.values = values
    }

    init(path: String, text: String) throws {
        var values: [String: JSONValue] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = "\(path):\(index + 1)"
            guard let (key, value) = try TOMLLine(String(line), place).member() else { continue }
            try Self.check(key, value, place)
            guard values.updateValue(value, forKey: key) == nil else {
                throw ConfigurationError("\(place): '\(key)' is set twice")
            }
        }
        self.init(path: path, values: values)
    }

    func string(_ key: String) -> String? { values[key]?.stringValue }
    func bool(_ key: String) -> Bool? { values[key]?.boolValue }

    func integer(_ key: String, from least: Int) throws -> Int? {
        guard let value = values[key]?.integerValue.map({ Int($0) }) else { return nil }
        guard value >= least else {
            throw ConfigurationError("\(path): \(key): expected \(least) or more, found \(value)")
        }
        return value
    }

    func number(_ key: String, over least: Double) throws -> Double? {
        guard let value = values[key]?.doubleValue else { return nil }
        guard value > least, value <= 1e9 else {
            throw ConfigurationError("\(path): \(key): expected more than \(least), found \(value)")
        }
        return value
    }

    func dollars(_ key: String) throws -> Dollars? {
        guard let value = values[key]?.doubleValue else { return nil }
        guard let dollars = Dollars(value) else {
            throw ConfigurationError("\(path): \(key): expected dollars, 0 or more, found \(value)")
        }
        return dollars
    }

    private static func check(_ key: String, _ value: JSONValue, _ place: String) throws {
        guard let kind = known[key] else {
            throw ConfigurationError(
                "\(place): unknown setting '\(key)'; there are \(known.keys.sorted().joined(separator: ", "))")
        }
        let fits = value.typeName == kind || (kind == "number" && value.typeName == "integer")
        guard fits else {
            throw ConfigurationError(
                "\(place): \(key): expected \(kind == "integer" ? "an" : "a") \(kind), found \(value.typeName)")
        }
    }
}

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
        guard let equals = text.firstIndex(of: "=") else { throw wrong("expected key = value") }
        let key = String(text[..<equals]).trimmed
        guard !key.isEmpty, key.utf8.allSatisfy({ Self.isBare($0) }) else {
            throw wrong("expected a plain key before '='")
        }
        return (key, try value(String(text[text.index(after: equals)...]).trimmed))
    }

    private func value(_ text: String) throws -> JSONValue {
        if let quote = text.first, quote == "\"" || quote == "'" { return try string(text.dropFirst(), quote) }
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

    /// A basic string with JSON's escapes, or a literal string without any.
    private func string(_ text: Substring, _ quote: Character) throws -> JSONValue {
        var end = text.startIndex
        while end < text.endIndex, text[end] != quote {
            if quote == "\"" && text[end] == "\\" { end = text.index(after: end) }
            if end < text.endIndex { end = text.index(after: end) }
        }
        guard end < text.endIndex else { throw wrong("the string does not end on its line") }
        let rest = String(text[text.index(after: end)...]).trimmed
        guard rest.isEmpty || rest.hasPrefix("#") else { throw wrong("expected the end of the line after the string") }
        guard quote == "\"" else { return .string(String(text[..<end])) }
        do {
            return try JSONValue(parsing: "\"\(text[..<end])\"")
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
