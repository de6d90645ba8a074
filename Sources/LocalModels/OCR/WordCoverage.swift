// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// How many of the words of a text layer are in the text that was read, each as often as it is there.
///
/// It does not look at the order: what is missing is seen, what stands elsewhere is not.
struct WordCoverage: Equatable {
    var words: Int
    var found: Int

    init(words: Int = 0, found: Int = 0) {
        self.words = words
        self.found = found
    }

    init(of text: String, in layer: String) {
        var there: [String: Int] = [:]
        for word in Self.words(text) { there[word, default: 0] += 1 }
        let wanted = Self.words(layer)
        words = wanted.count
        found = 0
        for word in wanted {
            guard let count = there[word], count > 0 else { continue }
            there[word] = count - 1
            found += 1
        }
    }

    static func += (left: inout WordCoverage, right: WordCoverage) {
        left.words += right.words
        left.found += right.found
    }

    /// 0…1, in steps of 0.0001; `nil` without words.
    var share: Double? { words == 0 ? nil : (Double(found) / Double(words) * 10_000).rounded() / 10_000 }

    var fields: JSONObject {
        [
            "words": .integer(Int64(words)), "found": .integer(Int64(found)),
            "coverage": share.map { .number($0) } ?? .null,
        ]
    }

    /// Runs of letters and digits in lower case, ligatures spelled out, and words that a line's end divides in one.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if let letters = ligatures[scalar.value] {
                word += letters
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word += scalar.properties.lowercaseMapping
            } else if scalar.value == 0xAD {
                continue  // a soft hyphen
            } else if isDivision(scalar, before: scalars), !word.isEmpty {
                scalars = scalars.drop { $0.properties.isWhitespace }
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func isDivision(_ scalar: Unicode.Scalar, before rest: ArraySlice<Unicode.Scalar>) -> Bool {
        guard scalar == "-" || scalar.value == 0x2010, rest.first == "\n" else { return false }
        return rest.first { !$0.properties.isWhitespace }?.properties.isAlphabetic ?? false
    }

    private static let ligatures: [UInt32: String] = [
        0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    ]
}
