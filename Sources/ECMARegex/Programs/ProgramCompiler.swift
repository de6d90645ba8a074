// SPDX-License-Identifier: Apache-2.0

/// Writes a pattern as a ``Program``.
struct ProgramCompiler {
    enum Purpose {
        /// With captures, loops over one set as one step, and looks in place.
        case backtracking
        /// Without captures; every repetition is written out; looks are programs of their own.
        case linear
    }

    /// More steps than this are refused. Written-out repetition can ask for any number: `((ab){1000}){1000}`.
    static let maximumSteps = 65_536

    struct TooLarge: Error {}

    let pattern: Pattern
    let purpose: Purpose
    var program = Program()
    /// The bodies of looks, inner ones first; for ``Purpose/linear`` only.
    var bodies: [Program] = []
    var bodyLooks: [Look] = []
    private var isBackward = false
    private var setIndices: [CodePointSet: Int] = [:]
    private var needsCaptures: Bool { purpose == .backtracking && !pattern.references.isEmpty }

    init(_ pattern: Pattern, purpose: Purpose) {
        self.pattern = pattern
        self.purpose = purpose
    }

    mutating func compile() throws(TooLarge) {
        if needsCaptures { program.slotCount = 2 * (pattern.groupCount + 1) }
        program.references = pattern.references
        program.foldsReference = Array(repeating: false, count: pattern.references.count)
        try emit(pattern.root, before: nil)
        try add(.match)
        program.isAnchored = pattern.root.isAnchored
        let first = pattern.root.first
        if !first.isNullable { program.firstBytes = ByteSet(firstOf: first.set) }
    }

    @discardableResult
    private mutating func add(
        _ operation: Instruction.Operation, _ first: Int = 0, _ second: Int = 0
    ) throws(TooLarge) -> Int {
        if program.code.count >= Self.maximumSteps { throw TooLarge() }
        program.code.append(Instruction(operation: operation, first: Int32(first), second: Int32(second)))
        return program.code.count - 1
    }

    private var next: Int { program.code.count }

    /// - Parameter following: what must match next, if that is one known node.
    private mutating func emit(_ node: Node, before following: Node?) throws(TooLarge) {
        switch node {
        case .empty: break
        case .character(let codePoint): try add(isBackward ? .characterBefore : .character, Int(codePoint))
        case .set(let set): try add(isBackward ? .setBefore : .set, index(of: set))
        case .sequence(let nodes): try emit(sequence: nodes, before: following)
        case .alternatives(let nodes): try emit(alternatives: nodes)
        case .capture(let body, let group): try emit(capture: body, group: group, before: following)
        case .repetition(let body, let repetition): try emit(body, repetition, before: following)
        case .assertion(let assertion): try add(.assertion, Int(assertion.rawValue))
        case .look(let body, let look): try emit(body, look)
        case .backreference(let reference):
            program.foldsReference[reference.index] = reference.ignoresCase
            try add(isBackward ? .referenceBefore : .reference, reference.index)
        }
    }

    private mutating func emit(sequence nodes: [Node], before following: Node?) throws(TooLarge) {
        if isBackward {
            for node in nodes.reversed() { try emit(node, before: nil) }
            return
        }
        for index in nodes.indices {
            try emit(nodes[index], before: index + 1 < nodes.count ? nodes[index + 1] : following)
        }
    }

    private mutating func emit(alternatives nodes: [Node]) throws(TooLarge) {
        var ends: [Int] = []
        for node in nodes.dropLast() {
            let split = try add(.split)
            program.code[split].first = Int32(next)
            try emit(node, before: nil)
            ends.append(try add(.jump))
            program.code[split].second = Int32(next)
        }
        if let last = nodes.last { try emit(last, before: nil) }
        for end in ends { program.code[end].first = Int32(next) }
    }

    private mutating func emit(capture body: Node, group: Int, before following: Node?) throws(TooLarge) {
        guard needsCaptures else { return try emit(body, before: following) }
        try add(.save, 2 * group + (isBackward ? 1 : 0))
        try emit(body, before: nil)
        try add(.save, 2 * group + (isBackward ? 0 : 1))
    }

    // MARK: - Repetition

    private mutating func emit(
        _ body: Node, _ repetition: Repetition, before following: Node?
    ) throws(TooLarge) {
        if purpose == .backtracking, !isBackward, let set = body.singleSet {
            return try emit(runOf: set, repetition, before: following)
        }
        for _ in 0..<repetition.minimum {
            let start = next
            try emit(turn: body, repetition)
            // A body without a step would be written any number of times without reaching the limit.
            if next == start { return }
        }
        if repetition.maximum == .max {
            try emit(loopOf: body, repetition)
        } else {
            try emit(optional: body, repetition)
        }
    }

    private mutating func emit(runOf set: CodePointSet, _ repetition: Repetition, before following: Node?)
        throws(TooLarge)
    {
        let run = Program.Run(
            set: index(of: set), minimum: repetition.minimum, maximum: repetition.maximum,
            isLazy: repetition.isLazy, isPossessive: following.map { Self.stops(set, $0) } ?? false)
        if program.runs.count >= Int(Int16.max) { throw TooLarge() }
        program.runs.append(run)
        try add(.run, program.runs.count - 1)
    }

    /// Whether what follows cannot match before a member of the set.
    private static func stops(_ set: CodePointSet, _ following: Node) -> Bool {
        if case .assertion(.end) = following { return true }
        let first = following.first
        return !first.isNullable && first.set.isDisjoint(with: set)
    }

    /// One turn of a loop, which forgets what its groups held.
    private mutating func emit(turn body: Node, _ repetition: Repetition) throws(TooLarge) {
        if needsCaptures, !repetition.groups.isEmpty {
            try add(.forget, 2 * repetition.groups.lowerBound, 2 * repetition.groups.upperBound)
        }
        try emit(body, before: nil)
    }

    /// §22.2.2.3.1: a turn beyond the least count that reads nothing fails.
    private mutating func emit(progressing body: Node, _ repetition: Repetition) throws(TooLarge) {
        guard purpose == .backtracking, body.first.isNullable else { return try emit(turn: body, repetition) }
        let slot = program.slotCount
        program.slotCount += 1
        try add(.save, slot)
        try emit(turn: body, repetition)
        try add(.progress, slot)
    }

    private mutating func emit(loopOf body: Node, _ repetition: Repetition) throws(TooLarge) {
        let split = try add(.split)
        try emit(progressing: body, repetition)
        try add(.jump, split)
        direct(split, to: split + 1, or: next, repetition)
    }

    private mutating func emit(optional body: Node, _ repetition: Repetition) throws(TooLarge) {
        var splits: [Int] = []
        for _ in repetition.minimum..<repetition.maximum {
            splits.append(try add(.split))
            try emit(progressing: body, repetition)
        }
        for split in splits { direct(split, to: split + 1, or: next, repetition) }
    }

    private mutating func direct(_ split: Int, to body: Int, or exit: Int, _ repetition: Repetition) {
        program.code[split].first = Int32(repetition.isLazy ? exit : body)
        program.code[split].second = Int32(repetition.isLazy ? body : exit)
    }

    // MARK: - Looks and sets

    private mutating func emit(_ body: Node, _ look: Look) throws(TooLarge) {
        guard purpose == .backtracking else { return try emit(linear: body, look) }
        program.looks.append(Program.LookBody(look: look))
        let start = try add(.look, program.looks.count - 1)
        let direction = isBackward
        isBackward = look.isBehind
        try emit(body, before: nil)
        isBackward = direction
        try add(.match)
        program.code[start].second = Int32(next)
    }

    /// A body that is scanned once for all positions: from the end for a lookahead, whose match begins where it is
    /// asked for, from the start for a lookbehind, whose match ends there.
    private mutating func emit(linear body: Node, _ look: Look) throws(TooLarge) {
        var inner = ProgramCompiler(pattern, purpose: .linear)
        inner.isBackward = !look.isBehind
        inner.bodies = bodies
        inner.bodyLooks = bodyLooks
        try inner.emit(body, before: nil)
        try inner.add(.match)
        bodies = inner.bodies
        bodies.append(inner.program)
        bodyLooks = inner.bodyLooks + [look]
        program.looks.append(Program.LookBody(look: look, program: bodies.count - 1))
        try add(.look, program.looks.count - 1)
    }

    private mutating func index(of set: CodePointSet) -> Int {
        if let index = setIndices[set] { return index }
        let flat = Program.Set(low: set.low, high: set.high, start: program.ranges.count, count: set.ranges.count)
        program.ranges += set.ranges
        program.sets.append(flat)
        setIndices[set] = program.sets.count - 1
        return program.sets.count - 1
    }
}
