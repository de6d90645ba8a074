// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// One schema object as it is read: its keywords, and the errors that they give rise to.
struct SchemaSource {
    let object: JSONObject
    let location: JSONPointer
    let dialect: SchemaDialect

    /// The value of a keyword; `nil` when it is missing or means nothing in the dialect.
    func value(_ keyword: String) -> JSONValue? { dialect.knows(keyword) ? object[keyword] : nil }

    func error(_ keyword: String, _ message: String) -> SchemaError {
        SchemaError(keyword: keyword, location: location.appending(keyword), message: message)
    }

    func mismatch(_ keyword: String, _ expected: String, _ value: JSONValue) -> SchemaError {
        error(keyword, "must be \(expected), but is \(ValueText.describe(value))")
    }

    func text(_ keyword: String) throws(SchemaError) -> String? {
        guard let value = value(keyword) else { return nil }
        guard let text = value.stringValue else { throw mismatch(keyword, "a string", value) }
        return text
    }

    func flag(_ keyword: String) throws(SchemaError) -> Bool? {
        guard let value = value(keyword) else { return nil }
        guard let flag = value.boolValue else { throw mismatch(keyword, "a boolean", value) }
        return flag
    }

    func count(_ keyword: String) throws(SchemaError) -> Int? {
        guard let value = value(keyword) else { return nil }
        guard let count = value.integerValue, count >= 0 else {
            throw mismatch(keyword, "an integer that is not negative", value)
        }
        return Int(count)
    }

    func number(_ keyword: String) throws(SchemaError) -> SchemaNumber? {
        guard let value = value(keyword) else { return nil }
        guard let number = SchemaNumber(value) else { throw mismatch(keyword, "a number", value) }
        return number
    }

    func array(_ keyword: String) throws(SchemaError) -> [JSONValue]? {
        guard let value = value(keyword) else { return nil }
        guard let array = value.arrayValue else { throw mismatch(keyword, "an array", value) }
        return array
    }

    func members(_ keyword: String) throws(SchemaError) -> JSONObject? {
        guard let value = value(keyword) else { return nil }
        guard let object = value.objectValue else { throw mismatch(keyword, "an object", value) }
        return object
    }

    /// The strings of an array, each once.
    func strings(_ keyword: String, of value: JSONValue) throws(SchemaError) -> [String] {
        var strings: [String] = []
        for element in value.arrayValue ?? [] {
            guard let text = element.stringValue else { break }
            if !strings.contains(where: { $0.hasSameBytes(as: text) }) { strings.append(text) }
        }
        guard let elements = value.arrayValue, elements.allSatisfy({ $0.stringValue != nil }) else {
            throw mismatch(keyword, "an array of strings", value)
        }
        return strings
    }
}
