// SPDX-License-Identifier: Apache-2.0

/// Follows one way through a ``Program`` at a time and goes back where it fails, as ECMA-262 §22.2.2 describes.
///
/// It knows captures, so it alone runs back-references. It may need exponentially many steps, so it counts them, a step
/// for each instruction and each code point read, and stops at a limit.
struct Backtracker {
    enum Outcome { case match, noMatch, outOfSteps }

    private typealias Entry = BacktrackingStack.Entry

    private let program: ProgramImage.View
    private let bytes: UnsafeBufferPointer<UInt8>
    private let slots: UnsafeMutableBufferPointer<Int>
    private var stack: BacktrackingStack
    private var steps: Int
    /// Where the last match ended.
    private var end = 0

    /// Entries and slots that fit in 1024 bytes, which Swift takes from the stack.
    private static let lentEntries = 40

    static func search(_ image: ProgramImage, _ bytes: UnsafeBufferPointer<UInt8>, steps: Int) -> Outcome {
        with(image, bytes, steps: steps) { $0.search() }
    }

    /// Where the program matches, one match behind the other, each the first that ECMA-262 finds from where the last one ended.
    ///
    /// - Returns: `nil` when more than `steps` steps would be needed for all of them.
    static func ranges(
        _ image: ProgramImage, _ bytes: UnsafeBufferPointer<UInt8>, steps: Int
    ) -> [Range<Int>]? {
        with(image, bytes, steps: steps) { $0.ranges() }
    }

    private static func with<Result>(
        _ image: ProgramImage, _ bytes: UnsafeBufferPointer<UInt8>, steps: Int, _ body: (inout Backtracker) -> Result
    ) -> Result {
        let program = image.view
        return withUnsafeTemporaryAllocation(of: Entry.self, capacity: lentEntries) { entries in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: program.slotCount) { slots in
                slots.initialize(repeating: -1)
                var backtracker = Backtracker(
                    program: program, bytes: bytes, slots: slots, stack: BacktrackingStack(lent: entries),
                    steps: steps)
                defer { backtracker.stack.deallocate() }
                return withExtendedLifetime(image) { body(&backtracker) }
            }
        }
    }

    private mutating func ranges() -> [Range<Int>]? {
        var found: [Range<Int>] = []
        var start = 0
        while start <= bytes.count {
            if let first = program.firstBytes {
                while start < bytes.count, !first.contains(bytes[start]) { start &+= 1 }
            }
            if program.isAnchored, start > 0 { break }
            let isFound = run(from: 0, at: start, isLook: false)
            if steps < 0 { return nil }
            if isFound {
                found.append(start..<end)
                stack.truncate(to: 0)
                slots.update(repeating: -1)
            }
            if isFound, end > start {
                start = end
            } else {
                start &+= start < bytes.count ? UTF8Cursor.decode(bytes, at: start).length : 1
            }
        }
        return found
    }

    private mutating func search() -> Outcome {
        var start = 0
        while true {
            if let first = program.firstBytes {
                while start < bytes.count, !first.contains(bytes[start]) { start &+= 1 }
                if start == bytes.count { return .noMatch }
                if program.isAnchored, start > 0 { return .noMatch }
            }
            if run(from: 0, at: start, isLook: false) { return .match }
            if steps < 0 { return .outOfSteps }
            if program.isAnchored || start >= bytes.count { return .noMatch }
            start &+= UTF8Cursor.decode(bytes, at: start).length
        }
    }

    /// Whether the steps from `first` reach a `match`; if not, the slots are as they were.
    private mutating func run(from first: Int, at start: Int, isLook: Bool) -> Bool {
        let base = stack.count
        var step = first
        var position = start
        while true {
            steps &-= 1
            if steps < 0 || stack.isFull {
                steps = -1
                return false
            }
            let instruction = program.code[step]
            let operand = Int(instruction.first)
            var succeeds = true
            switch instruction.operation {
            case .character: succeeds = read(UInt32(truncatingIfNeeded: operand), at: &position)
            case .set: succeeds = readMember(of: program.sets[operand], at: &position)
            case .characterBefore: succeeds = readBefore(UInt32(truncatingIfNeeded: operand), at: &position)
            case .setBefore: succeeds = readMemberBefore(of: program.sets[operand], at: &position)
            case .run: succeeds = startRun(operand, before: step &+ 1, at: &position)
            case .split:
                stack.append(Entry(target: instruction.second, kind: .choice, position: position))
                step = operand
                continue
            case .jump:
                step = operand
                continue
            case .assertion:
                succeeds = AssertionCheck.holds(UInt8(truncatingIfNeeded: operand), in: bytes, at: position)
            case .save: set(slot: operand, to: position)
            case .progress: succeeds = slots[operand] != position
            case .forget:
                for slot in operand..<Int(instruction.second) where slots[slot] >= 0 { set(slot: slot, to: -1) }
            case .reference, .referenceBefore:
                let isBefore = instruction.operation == .referenceBefore
                succeeds = readReference(operand, isBefore: isBefore, at: &position)
            case .look:
                succeeds = look(program.looks[operand], body: step &+ 1, at: position)
                if succeeds {
                    step = Int(instruction.second)
                    continue
                }
                if steps < 0 { return false }
            case .match:
                if isLook { dropChoices(above: base) } else { end = position }
                return true
            }
            if succeeds {
                step &+= 1
            } else {
                guard let resumed = resume(above: base) else { return false }
                (step, position) = resumed
            }
        }
    }

    /// Goes back to the last choice.
    private mutating func resume(above base: Int) -> (step: Int, position: Int)? {
        while stack.count > base {
            let entry = stack.removeLast()
            switch entry.kind {
            case .choice: return (Int(entry.target), entry.position)
            case .slot: slots[Int(entry.target)] = entry.position
            case .greedyRun:
                let position = entry.extra &- UTF8Cursor.decode(bytes, endingAt: entry.extra).length
                if position > entry.position {
                    var shorter = entry
                    shorter.extra = position
                    stack.append(shorter)
                }
                return (Int(entry.target), max(position, entry.position))
            case .lazyRun:
                var position = entry.position
                guard readMember(of: program.sets[program.runs[Int(entry.run)].set], at: &position) else { continue }
                if entry.extra > 1 {
                    var longer = entry
                    longer.position = position
                    longer.extra = entry.extra &- 1
                    stack.append(longer)
                }
                return (Int(entry.target), position)
            }
        }
        return nil
    }

    /// What a look found is final, but the slots it set must still be undone when an earlier choice is taken.
    private mutating func dropChoices(above base: Int) {
        var kept = base
        for index in base..<stack.count where stack[index].kind == .slot {
            stack[kept] = stack[index]
            kept += 1
        }
        stack.truncate(to: kept)
    }

    private mutating func look(_ look: Look, body: Int, at position: Int) -> Bool {
        let base = stack.count
        let found = run(from: body, at: position, isLook: true)
        if steps < 0 { return false }
        guard look.isNegative else { return found }
        while stack.count > base {
            let entry = stack.removeLast()
            if entry.kind == .slot { slots[Int(entry.target)] = entry.position }
        }
        return !found
    }

    private mutating func set(slot: Int, to position: Int) {
        stack.append(Entry(target: Int32(slot), kind: .slot, position: slots[slot]))
        slots[slot] = position
    }

    // MARK: - Reading

    private func read(_ codePoint: UInt32, at position: inout Int) -> Bool {
        guard position < bytes.count else { return false }
        let decoded = UTF8Cursor.decode(bytes, at: position)
        position &+= decoded.length
        return decoded.codePoint == codePoint
    }

    private func readMember(of set: Program.Set, at position: inout Int) -> Bool {
        guard position < bytes.count else { return false }
        let decoded = UTF8Cursor.decode(bytes, at: position)
        position &+= decoded.length
        return contains(set, decoded.codePoint)
    }

    private func readBefore(_ codePoint: UInt32, at position: inout Int) -> Bool {
        guard position > 0 else { return false }
        let decoded = UTF8Cursor.decode(bytes, endingAt: position)
        position &-= decoded.length
        return decoded.codePoint == codePoint
    }

    private func readMemberBefore(of set: Program.Set, at position: inout Int) -> Bool {
        guard position > 0 else { return false }
        let decoded = UTF8Cursor.decode(bytes, endingAt: position)
        position &-= decoded.length
        return contains(set, decoded.codePoint)
    }

    @inline(__always)
    private func contains(_ set: Program.Set, _ codePoint: UInt32) -> Bool {
        if codePoint < 64 { return set.low >> UInt64(codePoint) & 1 == 1 }
        if codePoint < 128 { return set.high >> UInt64(codePoint &- 64) & 1 == 1 }
        return program.ranges.contains(codePoint, from: set.start, count: set.count)
    }

    private mutating func startRun(_ index: Int, before step: Int, at position: inout Int) -> Bool {
        let run = program.runs[index]
        let set = program.sets[run.set]
        var count = 0
        var end = position
        var least = position
        let limit = run.isLazy ? run.minimum : run.maximum
        while count < limit, end < bytes.count {
            let decoded = UTF8Cursor.decode(bytes, at: end)
            guard contains(set, decoded.codePoint) else { break }
            end &+= decoded.length
            count &+= 1
            if count == run.minimum { least = end }
        }
        steps &-= count
        guard count >= run.minimum else { return false }
        position = end
        if run.isLazy {
            let extra = run.maximum == .max ? .max : run.maximum - run.minimum
            if extra > 0 {
                stack.append(
                    Entry(
                        target: Int32(step), run: Int16(index), kind: .lazyRun, position: end, extra: extra))
            }
        } else if end > least, !run.isPossessive {
            stack.append(Entry(target: Int32(step), kind: .greedyRun, position: least, extra: end))
        }
        return true
    }

    /// Reads the text of the one group that took part; a group that did not reads nothing.
    private mutating func readReference(_ index: Int, isBefore: Bool, at position: inout Int) -> Bool {
        let groups = program.groups[program.references[index]..<program.references[index + 1]]
        let group = groups.first { slots[2 * $0] >= 0 && slots[2 * $0 + 1] >= 0 }
        guard let group else { return true }
        let start = slots[2 * group]
        let length = slots[2 * group + 1] - start
        guard length > 0 else { return true }
        steps &-= length
        if program.foldsReference[index] {
            return readFolded(start..<start + length, isBefore: isBefore, at: &position)
        }
        let other = isBefore ? position - length : position
        guard other >= 0, other + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[start + offset] != bytes[other + offset] { return false }
        position = isBefore ? other : other + length
        return true
    }

    private func readFolded(_ text: Range<Int>, isBefore: Bool, at position: inout Int) -> Bool {
        var (mine, theirs) = (isBefore ? text.upperBound : text.lowerBound, position)
        while isBefore ? mine > text.lowerBound : mine < text.upperBound {
            guard isBefore ? theirs > 0 : theirs < bytes.count else { return false }
            let left = isBefore ? UTF8Cursor.decode(bytes, endingAt: mine) : UTF8Cursor.decode(bytes, at: mine)
            let right = isBefore ? UTF8Cursor.decode(bytes, endingAt: theirs) : UTF8Cursor.decode(bytes, at: theirs)
            guard CaseFolding.areEqual(left.codePoint, right.codePoint) else { return false }
            mine += isBefore ? -left.length : left.length
            theirs += isBefore ? -right.length : right.length
        }
        position = theirs
        return true
    }
}

extension UnsafeBufferPointer<CodePointRange> {
    /// Whether one of the sorted ranges has the code point.
    func contains(_ codePoint: UInt32, from first: Int, count: Int) -> Bool {
        var start = first
        var end = first &+ count
        while start < end {
            let middle = (start &+ end) >> 1
            if self[middle].upper < codePoint { start = middle &+ 1 } else { end = middle }
        }
        return start < first &+ count && self[start].lower <= codePoint
    }
}
