// SPDX-License-Identifier: Apache-2.0

import _StringProcessing

/// A regular expression of `pattern` or `patternProperties`, which may match anywhere in a string.
///
/// Shapes that need no search, such as `^[A-Za-z0-9_-]{1,64}$`, run on ``PlainPattern`` in linear time. All others run
/// on Swift's `Regex` with ECMA-262's ideas of `\d`, `\w` and of matching by Unicode scalars. That one backtracks: a
/// pattern with nested repetition, `^(a+)+$`, may take time exponential in the length of the string, so limit the
/// length of strings where neither schema nor instance are trusted. What `Regex` cannot express is an error when the
/// schema is compiled.
struct SchemaPattern: Sendable {
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

    func matches(_ string: String) -> Bool {
        switch engine {
        case .plain(let plain): plain.matches(string)
        // A search by a compiled expression throws only from closures, of which there are none.
        case .regex(let compiled): (try? compiled.regex.firstMatch(in: string)) != nil
        }
    }
}
