// SPDX-License-Identifier: Apache-2.0

/// Decides what ``PatternShape`` does not.
final class RegexEngine: Sendable {
    /// Steps that every search may take, whatever the length of the text.
    static let baseSteps = 1_000_000
    /// Steps for each byte of the text.
    static let stepsPerByte = 256

    let pattern: Pattern
    let program: Program
    let linear: LinearProgram?

    init(_ pattern: Pattern) throws(ECMARegexError) {
        self.pattern = pattern
        var compiler = ProgramCompiler(pattern, purpose: .backtracking)
        do { try compiler.compile() } catch {
            throw ECMARegexError(
                "the pattern is too large: written out, it has more than \(ProgramCompiler.maximumSteps) steps", at: 0)
        }
        program = compiler.program
        linear = LinearProgram(pattern)
    }

    static func steps(for bytes: UnsafeBufferPointer<UInt8>) -> Int {
        baseSteps + stepsPerByte * min(bytes.count, 1 << 40)
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> ECMARegex.Verdict {
        let limit = Self.steps(for: bytes)
        guard let linear else { return verdict(Backtracker.search(program, bytes, steps: limit)) }
        let outcome = Backtracker.search(program, bytes, steps: 256 + 8 * bytes.count)
        guard outcome == .outOfSteps else { return verdict(outcome) }
        return LinearSearch.search(linear, bytes, steps: limit).map { $0 ? .match : .noMatch } ?? .exhausted
    }

    private func verdict(_ outcome: Backtracker.Outcome) -> ECMARegex.Verdict {
        switch outcome {
        case .match: .match
        case .noMatch: .noMatch
        case .outOfSteps: .exhausted
        }
    }
}
