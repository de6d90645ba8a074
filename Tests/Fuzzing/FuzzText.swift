// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import StringFormats

/// A pattern, a zero byte, and what it is searched in.
func fuzzRegex(_ bytes: [UInt8]) {
    let halves = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let pattern = String(decoding: halves.first ?? [], as: UTF8.self)
    let subject = String(decoding: halves.dropFirst().first ?? [], as: UTF8.self)
    for dialect in [ECMARegex.Dialect.strict, .lenient] {
        guard let regex = try? ECMARegex(pattern, dialect: dialect) else { continue }
        let verdict = regex.search(subject)
        precondition(regex.search(subject) == verdict, "searched again it says otherwise")
    }
    _ = ECMARegex.isValid(pattern)
}

/// Every format on every text: none may trap, and bytes and string give one verdict.
func fuzzFormats(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let isUTF8 = text.utf8.elementsEqual(bytes)
    for format in StringFormat.allCases {
        let verdict = bytes.withUnsafeBufferPointer { format.accepts($0) }
        if isUTF8 { precondition(format.accepts(text) == verdict, "\(format): the string gets another verdict") }
    }
}
