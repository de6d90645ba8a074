// SPDX-License-Identifier: Apache-2.0

/// Builds the ``Automaton`` of a program by following all its ways at once for each class of characters.
struct AutomatonBuilder {
    /// Following more steps than this costs more than it can save.
    static let maximumWork = 400_000

    /// The steps that may come next, before the assertions among them are decided, and what decides those.
    private struct State: Hashable {
        var steps: [Int32]
        var followsWord: Bool
        var isAtStart: Bool
    }

    private let program: Program
    private let alphabet: Alphabet
    private let hasBoundary: Bool
    /// For each set of the program which classes it has.
    private var members: [[Bool]] = []
    private var isWord: [Bool] = []
    private var rows: [UInt16] = []
    private var indices: [State: Int] = [:]
    private var states: [State] = []
    private var reached: [Int]
    private var turn = 0
    private var pending: [Int32] = []
    private var work = 0

    /// `nil` when the program has looks or rare assertions, or when the automaton would be too large.
    static func build(_ program: Program) -> Automaton? {
        guard program.looks.isEmpty, var builder = AutomatonBuilder(program) else { return nil }
        return builder.build()
    }

    private init?(_ program: Program) {
        var hasBoundary = false
        for instruction in program.code where instruction.operation == .assertion {
            switch Assertion(rawValue: UInt8(instruction.first)) {
            case .start, .end: break
            case .wordBoundary, .notWordBoundary: hasBoundary = true
            default: return nil
            }
        }
        guard let alphabet = Alphabet(program, needsWord: hasBoundary) else { return nil }
        self.program = program
        self.alphabet = alphabet
        self.hasBoundary = hasBoundary
        reached = Array(repeating: 0, count: program.code.count)
        members = program.sets.indices.map { index in
            let set = program.set(index)
            return alphabet.representatives.map(set.contains)
        }
        isWord = alphabet.representatives.map(CodePointSet.word.contains)
    }

    private mutating func build() -> Automaton? {
        let stride = Automaton.stride(alphabet)
        rows = Array(repeating: 0, count: 2 * stride)
        _ = index(of: state(after: [], follows: nil))
        var next = 0
        while next < states.count {
            let rowStart = (next + 2) * stride
            guard rowStart + stride <= Automaton.maximumEntries, work <= Self.maximumWork else { return nil }
            rows += Array(repeating: 0, count: stride)
            let state = states[next]
            for column in 0..<alphabet.count { rows[rowStart + column] = target(of: state, reading: column) }
            rows[rowStart + Automaton.skips(alphabet)] = UInt16(truncatingIfNeeded: rowStart)
            rows[rowStart + Automaton.end(alphabet)] = target(of: state, reading: nil)
            next += 1
        }
        // A row number past the limit was cut off above, before it was used.
        return Automaton(alphabet, rows: rows)
    }

    /// The row after a character of this class, or after the end of the text.
    private mutating func target(of state: State, reading column: Int?) -> UInt16 {
        let stride = Automaton.stride(alphabet)
        turn += 1
        pending = state.steps
        var successors: [Int32] = []
        while let step = pending.popLast() {
            guard reached[Int(step)] != turn else { continue }
            reached[Int(step)] = turn
            work += 1
            let instruction = program.code[Int(step)]
            switch instruction.operation {
            case .match: return UInt16(stride)
            case .split: pending += [instruction.second, instruction.first]
            case .jump: pending.append(instruction.first)
            case .assertion:
                if holds(instruction.first, in: state, before: column) { pending.append(step + 1) }
            case .character:
                if column == alphabet.classOf(UInt32(instruction.first)) { successors.append(step + 1) }
            default:
                if let column, members[Int(instruction.first)][column] { successors.append(step + 1) }
            }
        }
        guard let column else { return UInt16(Automaton.dead) }
        let next = self.state(after: successors, follows: column)
        guard !next.steps.isEmpty else { return UInt16(Automaton.dead) }
        if next.steps.contains(where: { program.code[Int($0)].operation == .match }) { return UInt16(stride) }
        return UInt16(truncatingIfNeeded: (index(of: next) + 2) * stride)
    }

    private func holds(_ raw: Int32, in state: State, before column: Int?) -> Bool {
        let isBeforeWord = column.map { isWord[$0] } ?? false
        switch Assertion(rawValue: UInt8(raw)) {
        case .start: return state.isAtStart
        case .end: return column == nil
        case .wordBoundary: return state.followsWord != isBeforeWord
        default: return state.followsWord == isBeforeWord
        }
    }

    /// - Parameter column: the class just read; `nil` where the text begins.
    private mutating func state(after successors: [Int32], follows column: Int?) -> State {
        turn += 1
        pending = successors
        if column == nil || !program.isAnchored { pending.append(0) }
        var steps: [Int32] = []
        while let step = pending.popLast() {
            guard reached[Int(step)] != turn else { continue }
            reached[Int(step)] = turn
            work += 1
            let instruction = program.code[Int(step)]
            switch instruction.operation {
            case .split: pending += [instruction.second, instruction.first]
            case .jump: pending.append(instruction.first)
            // Holds nowhere but at the start, so it needs no place in other states.
            case .assertion where column != nil && instruction.first == Int32(Assertion.start.rawValue): break
            default: steps.append(step)
            }
        }
        steps.sort()
        let followsWord = hasBoundary && column.map { isWord[$0] } ?? false
        return State(steps: steps, followsWord: followsWord, isAtStart: column == nil)
    }

    private mutating func index(of state: State) -> Int {
        if let index = indices[state] { return index }
        indices[state] = states.count
        states.append(state)
        return states.count - 1
    }
}
