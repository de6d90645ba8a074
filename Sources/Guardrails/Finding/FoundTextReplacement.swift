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
        guard isJSON else { return replacingText(finds) }
        var result: [UInt8] = []
        var position = 0
        var isString = false
        for (range, words) in finds where range.lowerBound >= position {
            let start = walk(from: position, to: range.lowerBound, &isString, stopsAtQuote: false)
            result += bytes[position..<start]
            if isString {
                // Neither half an escape nor the end of the string goes with the find.
                position = walk(from: start, to: range.upperBound, &isString, stopsAtQuote: true)
                if position > start { result += words.utf8 }
            } else {
                position = range.upperBound
                while let last = result.last, Self.isScalar(last) { result.removeLast() }
                while position < bytes.count, Self.isScalar(bytes[position]) { position += 1 }
                result += "\"\(words)\"".utf8
            }
        }
        return result + bytes[position...]
    }

    private func replacingText(_ finds: [(range: Range<Int>, words: String)]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        for (range, words) in finds where range.lowerBound >= position {
            result += bytes[position..<range.lowerBound]
            result += words.utf8
            position = range.upperBound
        }
        return result + bytes[position...]
    }

    /// Over whole characters and escapes, to `end` or the first place behind it.
    private func walk(from start: Int, to end: Int, _ isString: inout Bool, stopsAtQuote: Bool) -> Int {
        var index = start
        while index < end {
            if bytes[index] == UInt8(ascii: "\"") {
                if stopsAtQuote { return index }
                isString.toggle()
            }
            let isEscape = isString && bytes[index] == UInt8(ascii: "\\")
            index += !isEscape ? 1 : bytes[min(index + 1, bytes.count - 1)] == UInt8(ascii: "u") ? 6 : 2
        }
        return min(index, bytes.count)
    }

    /// Part of a number or a name such as `true`.
    private static func isScalar(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+-.".utf8.contains(byte) }
}
