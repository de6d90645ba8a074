// SPDX-License-Identifier: Apache-2.0

/// Finds where a regular expression matches, as `String.prototype.matchAll` does with the flags `g` and `u`: each match begins
/// where the last one ended or behind, and is the one that ECMA-262 prefers.
///
/// For the pattern and its limits see ``ECMARegex``. Finding the ends of matches needs backtracking, so patterns with nested or
/// neighbouring repetitions may take many steps; the search then is given up.
public struct ECMARegexFinder: Sendable {
    private let program: ProgramImage

    /// Compiles a pattern.
    ///
    /// - Throws: ``ECMARegexError`` with the place and the reason when it is not allowed or too large.
    public init(_ pattern: String) throws(ECMARegexError) {
        var compiler = ProgramCompiler(try PatternParser.parse(pattern), purpose: .backtracking)
        do { try compiler.compile() } catch {
            throw ECMARegexError(
                "the pattern is too large: written out, it has more than \(ProgramCompiler.maximumSteps) steps", at: 0)
        }
        program = ProgramImage(compiler.program)
    }

    /// The matches in UTF-8 bytes, in order and apart; empty ones too.
    ///
    /// - Returns: `nil` when the search was given up after ``ECMARegex/stepLimit(forBytes:)`` steps.
    public func ranges(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>]? {
        Backtracker.ranges(program, bytes, steps: ECMARegex.stepLimit(forBytes: bytes.count))
    }

    /// The matches in a text, in bytes of its UTF-8.
    public func ranges(in text: String) -> [Range<Int>]? {
        var text = text
        return text.withUTF8 { ranges(in: $0) }
    }
}
