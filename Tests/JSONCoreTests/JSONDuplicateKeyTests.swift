// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONDuplicateKeyTests {
    /// The parser compares keys only where a cheap hash of their bytes says that they may be equal.
    @Test func findsEveryDuplicateAndNoOther() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<3000 {
            var keys: [String] = []
            for _ in 0..<random.below(16) {
                let length = random.below(4) == 0 ? 8 + random.below(12) : random.below(3)
                keys.append(String((0..<length).map { _ in random.below(2) == 0 ? "a" : "b" }))
            }
            let text = "{" + keys.map { Self.quoted($0, &random) + ":0" }.joined(separator: ",") + "}"
            let isUnique = Set(keys).count == keys.count
            if isUnique {
                #expect(try JSONValue(parsing: text).objectValue?.keys == keys)
            } else {
                let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
                #expect(error?.code == .duplicateKey)
            }
        }
    }

    /// The key, at times with its first letter escaped.
    private static func quoted(_ key: String, _ random: inout SeededRandom) -> String {
        guard random.below(4) == 0, let first = key.utf8.first else { return "\"\(key)\"" }
        return "\"\\u00\(String(first, radix: 16))\(key.dropFirst())\""
    }
}
