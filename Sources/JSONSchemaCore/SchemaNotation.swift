// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// The short way to write the schema of an object, for command lines: `name, authors[], year? integer: when it came out`.
///
/// A field is `NAME [?] [TYPE] [[]] [{ FIELDS }] [: DESCRIPTION]`; fields are parted by commas or line ends. `?` makes it
/// optional, `[]` a list (also `TYPE[]`, and `[][]` a list of lists), braces an object with fields of its own. The type is
/// `string` (the default; also `str`), `integer` (`int`), `number` (`float`), `boolean` (`bool`), `any`, or choices
/// `small|large`. A description goes on to the next comma, or to the end of its line when the text has several.
///
/// The schema is closed: other properties are not allowed.
public struct SchemaNotation: Sendable {
    /// The JSON Schema.
    public let document: JSONValue

    /// What is wrong with a notation, and at which character, counted from 1.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let message: String
        public let column: Int

        public var description: String { "column \(column): \(message)" }
    }

    /// - Throws: ``Failure``.
    public init(_ text: String) throws(Failure) {
        var reader = SchemaNotationReader(text)
        document = try reader.fields(untilBrace: false, depth: 0)
    }
}

/// Reads a notation from left to right.
private struct SchemaNotationReader {
    private let text: [Character]
    private var position = 0
    private let hasLines: Bool

    private static let maximumDepth = 32

    init(_ text: String) {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        self.text = Array(text)
        hasLines = text.contains(where: \.isNewline)
    }

    private var current: Character? { position < text.count ? text[position] : nil }

    private func failure(_ message: String) -> SchemaNotation.Failure { .init(message: message, column: position + 1) }

    private var found: String { current.map { "found '\($0)'" } ?? "the text ends" }

    mutating func fields(untilBrace: Bool, depth: Int) throws(SchemaNotation.Failure) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw failure("braces are nested too deeply") }
        var properties = JSONObject()
        var required: [JSONValue] = []
        while true {
            skip { $0.isWhitespace || $0 == "," }
            if current == nil || (untilBrace && current == "}") { break }
            let start = position
            let field = try field(depth)
            guard properties.appendIfNew(field.name, field.schema) else {
                position = start
                throw failure("there are two fields \"\(field.name)\"")
            }
            if !field.isOptional { required.append(.string(field.name)) }
            skip { $0.isWhitespace && !$0.isNewline }
            guard let next = current, next != ",", !next.isNewline, !(untilBrace && next == "}") else { continue }
            throw failure("expected ',' after the field \"\(field.name)\", \(found)")
        }
        if properties.isEmpty { throw failure("expected a field such as name or authors[], \(found)") }
        return [
            "type": "object", "properties": .object(properties), "required": .array(required),
            "additionalProperties": false,
        ]
    }

    private mutating func field(_ depth: Int) throws(SchemaNotation.Failure) -> (
        name: String, schema: JSONValue, isOptional: Bool
    ) {
        let name = word()
        if name.isEmpty { throw failure("expected the name of a field, \(found)") }
        var isOptional = take("?")
        var lists = takeLists()
        isOptional = take("?") || isOptional
        skip { $0 == " " }
        var schema = try type(depth)
        lists += takeLists()
        guard lists <= Self.maximumDepth else { throw failure("lists are nested too deeply") }
        for _ in 0..<lists { schema = ["type": "array", "items": schema] }
        if let description = description(inBraces: depth > 0) { schema.describe(description) }
        return (name, schema, isOptional)
    }

    private mutating func type(_ depth: Int) throws(SchemaNotation.Failure) -> JSONValue {
        if take("{") {
            let object = try fields(untilBrace: true, depth: depth + 1)
            guard take("}") else { throw failure("expected '}', \(found)") }
            return object
        }
        let start = position
        let name = word()
        if current == "|" { return try choices(first: name) }
        switch name {
        case "", "string", "str": return ["type": "string"]
        case "integer", "int": return ["type": "integer"]
        case "number", "float": return ["type": "number"]
        case "boolean", "bool": return ["type": "boolean"]
        case "any": return [:]
        default:
            position = start
            throw failure("expected string, integer, number, boolean, any or choices as in a|b, found \"\(name)\"")
        }
    }

    private mutating func choices(first: String) throws(SchemaNotation.Failure) -> JSONValue {
        var names = [JSONValue.string(first)]
        while take("|") {
            let name = word()
            if name.isEmpty { throw failure("expected a choice after '|', \(found)") }
            names.append(.string(name))
        }
        return ["type": "string", "enum": .array(names)]
    }

    private mutating func description(inBraces: Bool) -> String? {
        skip { $0 == " " }
        guard take(":") else { return nil }
        let start = position
        skip { [hasLines] in
            hasLines ? !$0.isNewline && !(inBraces && $0 == "}") : $0 != "," && !(inBraces && $0 == "}")
        }
        let words = text[start..<position].split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.map { String($0) }.joined(separator: " ")
    }

    private mutating func takeLists() -> Int {
        var count = 0
        while position + 1 < text.count, text[position] == "[", text[position + 1] == "]" {
            position += 2
            count += 1
        }
        return count
    }

    private mutating func word() -> String {
        let start = position
        skip { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "$" }
        return String(text[start..<position])
    }

    private mutating func take(_ character: Character) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    private mutating func skip(_ isSkipped: (Character) -> Bool) {
        while let character = current, isSkipped(character) { position += 1 }
    }
}

extension JSONValue {
    fileprivate mutating func describe(_ text: String) {
        guard case .object(var object) = self else { return }
        object["description"] = .string(text)
        self = .object(object)
    }
}
