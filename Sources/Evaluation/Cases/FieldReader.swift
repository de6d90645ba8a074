// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What is wrong with a value of a line, and where in it.
struct FieldFault: Error {
    let pointer: JSONPointer
    let message: String

    init(_ pointer: JSONPointer, _ message: String) {
        self.pointer = pointer
        self.message = message
    }

    init(_ pointer: JSONPointer, expected: String, found value: JSONValue?) {
        self.init(pointer, "expected \(expected), found \(value?.typeName ?? "nothing")")
    }
}

/// An object of which each member must be known and of its type.
struct FieldReader {
    let fields: JSONObject
    let pointer: JSONPointer

    /// - Parameter known: the members that there may be. A name that nobody reads is a mistake that would go unseen.
    init(_ value: JSONValue, at pointer: JSONPointer, known: [String]) throws(FieldFault) {
        guard case .object(let fields) = value else {
            throw FieldFault(pointer, expected: "an object", found: value)
        }
        self.fields = fields
        self.pointer = pointer
        if let key = fields.keys.first(where: { !known.contains($0) }) {
            throw FieldFault(pointer.appending(key), "unknown; known are \(known.joined(separator: ", "))")
        }
    }

    subscript(key: String) -> JSONValue? { fields[key].flatMap { $0.isNull ? nil : $0 } }

    /// Where `key` stands.
    func place(_ key: String) -> JSONPointer { pointer.appending(key) }

    func fault(_ key: String, expected: String) -> FieldFault {
        FieldFault(place(key), expected: expected, found: fields[key])
    }

    func string(_ key: String) throws(FieldFault) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.stringValue else { throw fault(key, expected: "a string") }
        return text
    }

    func bool(_ key: String) throws(FieldFault) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let answer = value.boolValue else { throw fault(key, expected: "true or false") }
        return answer
    }

    func number(_ key: String) throws(FieldFault) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.doubleValue, number >= 0 else { throw fault(key, expected: "a number, 0 or more") }
        return number
    }

    /// A string, or a list of strings, none of them empty.
    func strings(_ key: String, allowsOne: Bool = false) throws(FieldFault) -> [String]? {
        guard let value = self[key] else { return nil }
        if allowsOne, let text = value.stringValue { return [text] }
        guard let values = value.arrayValue else {
            throw fault(key, expected: allowsOne ? "a string or a list of strings" : "a list of strings")
        }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard let text = value.stringValue else {
                throw FieldFault(place(key).appending(index), expected: "a string", found: value)
            }
            texts.append(text)
        }
        return texts
    }

    func pointer(_ key: String) throws(FieldFault) -> JSONPointer? {
        guard let text = try string(key) else { return nil }
        do {
            return try JSONPointer(parsing: text)
        } catch {
            throw FieldFault(place(key), "expected a JSON Pointer such as /label: \(error.message)")
        }
    }

    /// - Parameter words: what the value may be, and what it then means.
    func word<Value: RawRepresentable<String> & CaseIterable>(_ key: String) throws(FieldFault) -> Value? {
        guard let text = try string(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw FieldFault(
                place(key),
                "expected one of \(Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))")
        }
        return value
    }
}
