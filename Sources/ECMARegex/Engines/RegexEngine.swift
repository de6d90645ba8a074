// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Decides what no ``PatternShape`` does.
///
/// The first searches backtrack, which costs nothing to prepare and is fast where there is little to go back on. A
/// search that takes many steps goes on in ``LinearSearch``. Once enough text has been searched, an ``Automaton`` is
/// built, if it stays small, and published; from then on a search takes no lock and no allocation.
final class RegexEngine: Sendable {
    /// Backtracking stops here and ``LinearSearch`` takes over, if there are no back-references.
    static let quickSteps = 256
    static let quickStepsPerByte = 8
    /// After so many bytes, counting ``searchWeight`` more for each search, an automaton pays.
    static let automatonThreshold = 2048
    static let searchWeight = 64

    private let pattern: Pattern
    private let program: ProgramImage
    private let searched = Atomic<Int>(0)
    /// Holds one retain.
    private let automaton = Atomic<Unmanaged<Automaton>?>(nil)
    private let linear = AtomicLazyReference<LinearProgram>()

    init(_ pattern: Pattern) throws(ECMARegexError) {
        self.pattern = pattern
        var compiler = ProgramCompiler(pattern, purpose: .backtracking)
        do { try compiler.compile() } catch {
            throw ECMARegexError(
                "the pattern is too large: written out, it has more than \(ProgramCompiler.maximumSteps) steps", at: 0)
        }
        program = ProgramImage(compiler.program)
    }

    deinit { automaton.load(ordering: .acquiring)?.release() }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> ECMARegex.Verdict {
        if let automaton = automaton.load(ordering: .acquiring) {
            return automaton._withUnsafeGuaranteedRef { $0.search(bytes) } ? .match : .noMatch
        }
        return searchByProgram(bytes)
    }

    @inline(never)
    private func searchByProgram(_ bytes: UnsafeBufferPointer<UInt8>) -> ECMARegex.Verdict {
        let limit = ECMARegex.stepLimit(forBytes: bytes.count)
        guard pattern.references.isEmpty else {
            return Self.verdict(Backtracker.search(program, bytes, steps: limit))
        }
        countTowardsAutomaton(bytes.count)
        let quick = Self.quickSteps + Self.quickStepsPerByte * min(bytes.count, 1 << 40)
        let outcome = Backtracker.search(program, bytes, steps: quick)
        guard outcome == .outOfSteps else { return Self.verdict(outcome) }
        let linear = self.linear.load() ?? self.linear.storeIfNil(LinearProgram(pattern))
        guard linear.isComplete else { return Self.verdict(Backtracker.search(program, bytes, steps: limit)) }
        return LinearSearch.search(linear, bytes, steps: limit).map { $0 ? .match : .noMatch } ?? .exhausted
    }

    /// Exactly one search crosses the threshold, and builds.
    private func countTowardsAutomaton(_ bytes: Int) {
        guard !pattern.hasLook, searched.load(ordering: .relaxed) < Self.automatonThreshold else { return }
        let weight = Self.searchWeight + min(bytes, Self.automatonThreshold)
        let counted = searched.wrappingAdd(weight, ordering: .relaxed)
        guard counted.oldValue < Self.automatonThreshold, counted.newValue >= Self.automatonThreshold else { return }
        buildAutomaton()
    }

    /// - Returns: whether there is one now.
    @discardableResult
    func buildAutomaton() -> Bool {
        guard pattern.references.isEmpty, !pattern.hasLook else { return false }
        let linear = self.linear.load() ?? self.linear.storeIfNil(LinearProgram(pattern))
        guard linear.isComplete, let built = AutomatonBuilder.build(linear.main) else { return false }
        let retained = Unmanaged.passRetained(built)
        let exchange = automaton.compareExchange(expected: nil, desired: retained, ordering: .acquiringAndReleasing)
        if !exchange.exchanged { retained.release() }
        return true
    }

    private static func verdict(_ outcome: Backtracker.Outcome) -> ECMARegex.Verdict {
        switch outcome {
        case .match: .match
        case .noMatch: .noMatch
        case .outOfSteps: .exhausted
        }
    }
}
