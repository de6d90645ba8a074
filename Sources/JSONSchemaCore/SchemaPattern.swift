// SPDX-License-Identifier: Apache-2.0

import ECMARegex

/// A regular expression of `pattern` or `patternProperties`, which may match anywhere in a string.
struct SchemaPattern: Sendable {
    let text: String
    private let regex: ECMARegex

    init(_ text: String) throws(ECMARegexError) {
        self.text = text
        regex = try ECMARegex(text)
    }

    /// Whether every string matches, so that none has to be looked at.
    var matchesEverything: Bool { regex.shape == .everything }

    @inline(__always) func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        switch regex.search(bytes) {
        case .match: .match
        case .noMatch: .noMatch
        case .exhausted: .exhausted
        }
    }

    enum Verdict { case match, noMatch, exhausted }
}
