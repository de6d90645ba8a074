// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// One schema object as it is read: its keywords, and the errors that they give rise to.
struct SchemaSource {
    let document: SchemaDocument
    let position: Int
    let reading: SchemaReading
    /// The keywords that are there and mean something.
    private(set) var present = SchemaKeywordSet()
    /// By keyword: the position of its value. Lent by the compiler, for as long as the schema is read.
    private let values: UnsafeMutablePointer<Int32>

    var view: JSONTapeView { document.view }

    init(
        _ document: SchemaDocument, _ position: Int, _ reading: SchemaReading, _ table: SchemaKeywordTable,
        _ values: UnsafeMutablePointer<Int32>
    ) {
        self.document = document
        self.position = position
        self.reading = reading
        self.values = values
        let view = document.view
        var next = position + 1
        for _ in 0..<view[position].length {
            if let keyword = table.keyword(view, next), reading.knows(keyword) {
                present.insert(keyword)
                values[Int(keyword.rawValue)] = Int32(truncatingIfNeeded: next + 1)
            }
            next += 1 + view[next + 1].extent
        }
        if present.contains(.ref), reading.referenceStandsAlone, self.view[value(.ref) ?? 0].kind == .string {
            present = SchemaKeywordSet(.ref)
        }
    }

    /// The position of a keyword's value; `nil` when it is missing or means nothing in the dialect.
    func value(_ keyword: SchemaKeyword) -> Int? {
        present.contains(keyword) ? Int(values[Int(keyword.rawValue)]) : nil
    }

    // MARK: Errors

    func error(_ keyword: SchemaKeyword, _ message: String) -> SchemaError {
        SchemaError(
            keyword: keyword.name, location: document.pointer(to: position).appending(keyword.name), message: message)
    }

    func mismatch(_ keyword: SchemaKeyword, _ expected: String, _ value: Int) -> SchemaError {
        error(keyword, "must be \(expected), but is \(ValueText.describe(JSONValue(view, at: value)))")
    }

    // MARK: Values

    func text(_ keyword: SchemaKeyword) throws(SchemaError) -> String? {
        guard let value = value(keyword) else { return nil }
        guard let text = view.stringValue(value) else { throw mismatch(keyword, "a string", value) }
        return text
    }

    func flag(_ keyword: SchemaKeyword) throws(SchemaError) -> Bool {
        guard let value = value(keyword) else { return false }
        switch view[value].kind {
        case .true: return true
        case .false: return false
        default: throw mismatch(keyword, "a boolean", value)
        }
    }

    func count(_ keyword: SchemaKeyword) throws(SchemaError) -> Int? {
        guard let value = value(keyword) else { return nil }
        let slot = view[value]
        let count = slot.kind == .integer ? slot.integer : slot.kind == .number ? Self.count(slot.number) : nil
        guard let count, count >= 0 else { throw mismatch(keyword, "an integer that is not negative", value) }
        return Int(count)
    }

    /// A count beyond 64 bits is beyond every instance too.
    private static func count(_ number: Double) -> Int64? {
        guard number == number.rounded(.towardZero), number >= 0, number.isFinite else { return nil }
        return Int64(exactly: number) ?? .max
    }

    func number(_ keyword: SchemaKeyword) throws(SchemaError) -> SchemaNumber? {
        guard let value = value(keyword) else { return nil }
        guard let number = SchemaNumber(view[value]) else { throw mismatch(keyword, "a number", value) }
        return number
    }

    func elements(_ keyword: SchemaKeyword) throws(SchemaError) -> [Int]? {
        guard let value = value(keyword) else { return nil }
        guard view[value].kind == .array else { throw mismatch(keyword, "an array", value) }
        return view.elements(of: value)
    }

    /// Positions of the names in an object.
    func members(_ keyword: SchemaKeyword) throws(SchemaError) -> [Int]? {
        guard let value = value(keyword) else { return nil }
        guard view[value].kind == .object else { throw mismatch(keyword, "an object", value) }
        return view.members(of: value)
    }

    /// Positions of the strings in an array.
    func strings(_ keyword: SchemaKeyword, at value: Int) throws(SchemaError) -> [Int] {
        let elements = view.elements(of: value)
        guard view[value].kind == .array, elements.allSatisfy({ view[$0].kind == .string }) else {
            throw mismatch(keyword, "an array of strings", value)
        }
        return elements
    }
}
