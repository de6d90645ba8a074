// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The requests of a batch file, `{ "custom_id": …, "body": { … } }` a line, checked line by line.
package struct BatchInput: Sendable, Equatable {
    /// How many faults are told.
    private static let faultLimit = 20

    /// In the order of the lines.
    package private(set) var customIDs: [String] = []
    /// Whether each body names its model.
    package private(set) var bodiesNameModels = true
    package private(set) var faults: [String] = []
    package private(set) var faultCount = 0
    /// FNV-1a of all bytes, 64 bits: tells whether the file is still the one that was submitted.
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var byteCount = 0

    private var lineNumber = 0
    private var rest: [UInt8] = []
    private var lines: [String: Int] = [:]

    package init() {}

    /// Reads on.
    package mutating func add(_ bytes: [UInt8]) {
        byteCount += bytes.count
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            read(line: rest.isEmpty ? bytes[start..<end] : (rest + bytes[start..<end])[...])
            rest = []
            start = end + 1
        }
        rest += bytes[start...]
    }

    /// Reads what stands behind the last line feed.
    package mutating func finish() {
        if !rest.isEmpty { read(line: rest[...]) }
        rest = []
        if customIDs.isEmpty, faultCount == 0 { fault("the file holds no requests") }
    }

    private mutating func read(line: ArraySlice<UInt8>) {
        lineNumber += 1
        // An empty line at the end of a file is no request.
        if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { return }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            return fault("line \(lineNumber), column \(error.column ?? 1): \(error.message)")
        }
        guard let fields = value.objectValue else {
            return fault("line \(lineNumber): expected an object, found \(value.typeName)")
        }
        check(fields)
    }

    private mutating func check(_ fields: JSONObject) {
        if let body = fields["body"]?.objectValue {
            bodiesNameModels = bodiesNameModels && body["model"]?.stringValue != nil
        } else {
            fault("line \(lineNumber): body: expected an object, found \(fields["body"]?.typeName ?? "nothing")")
        }
        guard let id = fields["custom_id"]?.stringValue, !id.isEmpty else {
            let found = fields["custom_id"]?.typeName ?? "nothing"
            return fault(
                "line \(lineNumber): custom_id: expected a string, by which its result is found; found \(found)")
        }
        if let first = lines[id] {
            return fault("line \(lineNumber): custom_id \"\(id)\" was given to line \(first) already")
        }
        lines[id] = lineNumber
        customIDs.append(id)
    }

    private mutating func fault(_ text: String) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(text) }
    }
}
