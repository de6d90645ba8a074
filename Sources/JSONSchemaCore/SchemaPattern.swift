// SPDX-License-Identifier: Apache-2.0

import _StringProcessing

/// A regular expression of `pattern` or `patternProperties`, which may match anywhere in a string.
struct SchemaPattern: Sendable {
    enum Verdict: Equatable { case match, noMatch, exhausted }

    private enum Engine: Sendable {
        case plain(PlainPattern)
        case regex(CompiledRegex)
    }

    /// `@unchecked`: the expression was made from text, so it holds no closures, and it is never changed.
    private struct CompiledRegex: @unchecked Sendable {
        let regex: Regex<AnyRegexOutput>
    }

    let text: String
    private let engine: Engine

    init(_ text: String) throws {
        self.text = text
        if let plain = PlainPattern(text) {
            engine = .plain(plain)
        } else {
            let regex = try Regex(text)
                .matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
            engine = .regex(CompiledRegex(regex: regex))
        }
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        switch engine {
        case .plain(let plain): plain.matches(bytes) ? .match : .noMatch
        // A search by a compiled expression throws only from closures, of which there are none.
        case .regex(let compiled):
            (try? compiled.regex.firstMatch(in: String(decoding: bytes, as: UTF8.self))) != nil ? .match : .noMatch
        }
    }
}
