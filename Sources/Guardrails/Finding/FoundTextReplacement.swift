// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Puts words in the place of finds. JSON stays JSON: a find outside of its strings, such as a number, becomes a string.
struct FoundTextReplacement {
    private let bytes: [UInt8]
    private let isJSON: Bool

    init(_ bytes: [UInt8], isJSON: Bool) {
        self.bytes = bytes
        self.isJSON = isJSON
    }

    /// Whether the bytes are a JSON array or object, as the arguments and often the results of tools are.
    static func isDocument(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { !$0.isSpace }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
        return (try? JSONValue(parsing: bytes, limits: JSONLimits(depth: JSONLimits.maximumDepth))) != nil
    }

    /// - Parameter finds: in order and apart.
    func replacing(_ finds: [(range: Range<Int>, words: String)]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        var isString = false
        for (range, words) in finds {
            guard range.lowerBound >= position else { continue }
            if isJSON { skip(to: range.lowerBound, from: position, &isString) }
            result += bytes[position..<range.lowerBound]
            position = range.upperBound
            if isJSON && !isString {
                while let last = result.last, Self.isScalar(last) { result.removeLast() }
                while position < bytes.count, Self.isScalar(bytes[position]) { position += 1 }
                result += "\"\(words)\"".utf8
            } else {
                result += words.utf8
            }
        }
        return result + bytes[position...]
    }

    private func skip(to end: Int, from start: Int, _ isString: inout Bool) {
        var index = start
        while index < end {
            if bytes[index] == UInt8(ascii: "\"") { isString.toggle() }
            index += isString && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
    }

    /// Part of a number or a name such as `true`.
    private static func isScalar(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+-.".utf8.contains(byte) }
}
