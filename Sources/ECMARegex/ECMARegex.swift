// SPDX-License-Identifier: Apache-2.0

/// A regular expression of ECMA-262 in Unicode mode, the dialect of JSON Schema's `pattern` and `patternProperties`.
///
/// A search asks, as `RegExp.prototype.test` does, whether the expression matches anywhere in a text. Texts are UTF-8
/// and are read by code points. There are no flags for a whole expression: case counts, `^` and `$` are the ends of the
/// text, `.` is anything but a line terminator. Groups may change that: `(?i:…)`.
///
/// **Syntax.** Everything of ECMA-262 §22.2.1 with its parameters for the flag `u`: look-ahead and look-behind,
/// back-references, named groups, modifiers, `\p{…}` with the properties and scripts of Unicode 17.
///
/// Authors of schemas often write what engines without `u` take, so ``Dialect/lenient``, the default, takes a little
/// more, where Annex B of ECMA-262 and every common dialect agree on the meaning:
/// - `\-`, `\_`, `\@`, `\"` and other escaped characters that are neither ASCII letters nor digits;
/// - `{`, `}` and `]` as characters, where no quantifier or class begins or ends;
/// - `[\w-.]`, where the hyphen is a character.
///
/// It still refuses what Annex B would take for plain letters while the author means something else: `\A`, `\Z`, `\a`,
/// `\h`, `\Q`, octal escapes, `{,5}`. ``Dialect/strict`` is Unicode mode to the letter, and what ``isValid(_:)`` asks.
///
/// **Time.** Without back-references a search takes at most steps in proportion to the size of the pattern times that
/// of the text. Those with back-references go back and try again, which may be exponential. Both stop with
/// ``Verdict/exhausted`` after ``stepLimit(forBytes:)`` steps, or with a million choices open; patterns of fewer than 512 steps without back-references
/// never reach that.
///
/// **Size.** A pattern whose repetitions come to more than 65,536 steps when written out, as in `((ab){1000}){1000}`, that
/// nests groups more than 100 deep or has more than 1000 groups is refused. Repeating one character or class costs one
/// step: `^.{0,65536}$` is fine.
public struct ECMARegex: Sendable {
    public enum Dialect: Sendable, Hashable {
        case strict, lenient
    }

    public enum Verdict: Sendable, Hashable {
        case match
        case noMatch
        /// The search was given up at the limit of steps, so neither is known.
        case exhausted
    }

    private let core: RegexCore

    /// Compiles a pattern.
    ///
    /// - Throws: ``ECMARegexError`` with the place and the reason when the dialect does not allow the pattern or when it
    ///   is too large.
    public init(_ pattern: String, dialect: Dialect = .lenient) throws(ECMARegexError) {
        let parsed = try PatternParser.parse(pattern)
        if dialect == .strict, let leniency = parsed.leniency { throw leniency }
        core = try RegexCore(parsed)
    }

    /// Whether ECMA-262 allows the pattern in Unicode mode: JSON Schema's format `regex`.
    public static func isValid(_ pattern: String) -> Bool {
        guard let parsed = try? PatternParser.parse(pattern) else { return false }
        return parsed.leniency == nil
    }

    /// Whether the expression matches anywhere in the text.
    ///
    /// Any number of threads may search at once.
    ///
    /// - Parameter bytes: UTF-8. Bytes that are not are read as U+FFFD or passed over, never beyond the buffer.
    public func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Verdict { core.search(bytes) }

    /// Whether the expression matches anywhere in the text.
    public func search(_ string: String) -> Verdict {
        var string = string
        return string.withUTF8 { search($0) }
    }

    /// Whether the expression is known to match; `false` too when the search was given up.
    public func matches(_ string: String) -> Bool { search(string) == .match }

    /// How many steps a search in a text of this length may take before it is given up.
    public static func stepLimit(forBytes count: Int) -> Int {
        1_000_000 + 512 * max(0, min(count, 1 << 40))
    }
}

extension ECMARegex {
    /// What a pattern comes to, for callers that can ask it in a faster way, such as by a table of names.
    public enum Shape: Sendable, Hashable {
        /// Every text matches.
        case everything
        /// The texts that match, whole.
        case oneOf([String])
        case prefix(String)
        case suffix(String)
        case contains(String)
        /// None of these; ask ``ECMARegex/search(_:)-swift.method``.
        case general
    }

    public var shape: Shape { core.shape }
}
