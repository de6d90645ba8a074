// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The table of options of a call, each of which is known.
struct CallOptions {
    private let operation: String
    private let fields: JSONObject

    /// - Throws: ``Misuse`` that names an option which does not exist, and those that do.
    init(_ value: JSONValue, of operation: String, known: [String]) throws(Misuse) {
        self.operation = operation
        switch value {
        case .null: fields = [:]
        case .object(let object): fields = object
        case .array(let values) where values.isEmpty: fields = [:]
        default: throw Misuse("\(operation): options: expected a table, found \(value.typeName)")
        }
        for name in fields.keys where !known.contains(name) {
            throw Misuse("\(operation): unknown option '\(name)'; it knows \(known.joined(separator: ", "))")
        }
    }

    /// The option `name` as `read` reads it; `nil` when it was not given.
    func optional<Value>(
        _ name: String, _ read: (SpecField) throws(Misuse) -> Value
    ) throws(Misuse) -> Value? {
        guard let value = fields[name], !value.isNull else { return nil }
        return try read(SpecField("\(operation): \(name)", value))
    }

    func string(_ name: String) throws(Misuse) -> String? {
        try optional(name) { field throws(Misuse) in try field.string() }
    }

    func bool(_ name: String) throws(Misuse) -> Bool? {
        try optional(name) { field throws(Misuse) in try field.bool() }
    }

    func count(_ name: String, from least: Int) throws(Misuse) -> Int? {
        try optional(name) { field throws(Misuse) in try field.count(from: least) }
    }

    func word(_ name: String, of words: [String]) throws(Misuse) -> String? {
        try optional(name) { field throws(Misuse) in try field.word(of: words) }
    }
}

extension SpecField {
    /// One of `words`.
    func word(of words: [String]) throws(Misuse) -> String {
        let text = try string()
        guard words.contains(text) else {
            let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
            throw Misuse("\(place): expected one of \(list), found \"\(text)\"")
        }
        return text
    }
}
