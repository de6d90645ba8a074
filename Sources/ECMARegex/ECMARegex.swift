// SPDX-License-Identifier: Apache-2.0

/// A regular expression of ECMA-262 in Unicode mode.
public struct ECMARegex: Sendable {
    public enum Verdict: Sendable, Hashable {
        case match
        case noMatch
        /// The search was given up; see ``ECMARegex``.
        case exhausted
    }

    let engine: RegexEngine

    public init(_ pattern: String) throws(ECMARegexError) {
        engine = try RegexEngine(try PatternParser.parse(pattern))
    }

    public static func isValid(_ pattern: String) -> Bool {
        guard let parsed = try? PatternParser.parse(pattern) else { return false }
        return parsed.leniency == nil
    }

    public func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        engine.search(bytes)
    }

    public func matches(_ string: String) -> Verdict {
        var string = string
        return string.withUTF8 { search($0) }
    }
}
