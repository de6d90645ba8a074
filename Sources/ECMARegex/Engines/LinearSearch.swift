// SPDX-License-Identifier: Apache-2.0

/// Follows all ways through a ``Program`` at once, in time proportional to its steps times the length of the text.
///
/// Looks keep that bound: the body of each is run once over the whole text, which yields the set of the positions where
/// it holds. Whether a body holds depends on the position alone, as there are no back-references.
struct LinearSearch {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// For each body the positions where it matches, a bit each.
    private var found: [[UInt64]] = []
    private var steps: Int

    /// - Returns: `nil` when more than `steps` steps would be needed.
    static func search(_ program: LinearProgram, _ bytes: UnsafeBufferPointer<UInt8>, steps: Int) -> Bool? {
        var search = LinearSearch(bytes: bytes, steps: steps)
        for (body, look) in zip(program.bodies, program.looks) {
            var positions = [UInt64](repeating: 0, count: bytes.count / 64 + 1)
            var scan = Scan(body, search.bytes, search.found, isBackward: !look.isBehind, steps: search.steps)
            scan.run { position in
                positions[position >> 6] |= 1 << UInt64(position & 63)
                return false
            }
            search.steps = scan.steps
            if scan.steps < 0 { return nil }
            search.found.append(positions)
        }
        var isMatch = false
        var scan = Scan(program.main, bytes, search.found, isBackward: false, steps: search.steps)
        scan.run { _ in
            isMatch = true
            return true
        }
        return scan.steps < 0 ? nil : isMatch
    }
}

extension LinearSearch {
    /// One program over one text.
    private struct Scan {
        let program: Program
        let bytes: UnsafeBufferPointer<UInt8>
        let found: [[UInt64]]
        let isBackward: Bool
        var steps: Int
        /// Steps that read a code point, in the order they were reached.
        var current: [Int32] = []
        var pending: [Int32] = []
        /// When each step was last reached, so that it is followed once for each position.
        var reached: [Int]
        var turn = 0

        init(
            _ program: Program, _ bytes: UnsafeBufferPointer<UInt8>, _ found: [[UInt64]], isBackward: Bool, steps: Int
        ) {
            self.program = program
            self.bytes = bytes
            self.found = found
            self.isBackward = isBackward
            self.steps = steps
            reached = Array(repeating: 0, count: program.code.count)
        }

        /// - Parameter matched: told each position where a match ends; returns whether to stop.
        mutating func run(matched: (Int) -> Bool) {
            var position = isBackward ? bytes.count : 0
            var sources: [Int32] = []
            while true {
                turn += 1
                current.removeAll(keepingCapacity: true)
                var isMatch = false
                for source in sources { isMatch = follow(from: source, at: position) || isMatch }
                if !program.isAnchored || isBackward || position == 0 {
                    isMatch = follow(from: 0, at: position) || isMatch
                }
                if steps < 0 || isMatch && matched(position) { return }
                if position == (isBackward ? 0 : bytes.count) { return }
                if current.isEmpty, program.isAnchored, !isBackward { return }
                let decoded =
                    isBackward
                    ? UTF8Cursor.decode(bytes, endingAt: position) : UTF8Cursor.decode(bytes, at: position)
                sources.removeAll(keepingCapacity: true)
                for step in current where reads(step, decoded.codePoint) { sources.append(step + 1) }
                position += isBackward ? -decoded.length : decoded.length
            }
        }

        private func reads(_ step: Int32, _ codePoint: UInt32) -> Bool {
            let instruction = program.code[Int(step)]
            switch instruction.operation {
            case .character, .characterBefore: return codePoint == UInt32(instruction.first)
            default:
                let set = program.sets[Int(instruction.first)]
                if codePoint < 64 { return set.low >> UInt64(codePoint) & 1 == 1 }
                if codePoint < 128 { return set.high >> UInt64(codePoint - 64) & 1 == 1 }
                return program.ranges.withUnsafeBufferPointer {
                    $0.contains(codePoint, from: set.start, count: set.count)
                }
            }
        }

        /// Collects in ``current`` the reading steps that can be reached without reading.
        private mutating func follow(from first: Int32, at position: Int) -> Bool {
            var isMatch = false
            pending.append(first)
            while let step = pending.popLast() {
                guard reached[Int(step)] != turn else { continue }
                reached[Int(step)] = turn
                steps -= 1
                let instruction = program.code[Int(step)]
                switch instruction.operation {
                case .split:
                    pending.append(instruction.second)
                    pending.append(instruction.first)
                case .jump: pending.append(instruction.first)
                case .assertion:
                    if AssertionCheck.holds(UInt8(instruction.first), in: bytes, at: position) {
                        pending.append(step + 1)
                    }
                case .look:
                    if holds(program.looks[Int(instruction.first)], at: position) { pending.append(step + 1) }
                case .match: isMatch = true
                default: current.append(step)
                }
            }
            return isMatch
        }

        private func holds(_ body: Program.LookBody, at position: Int) -> Bool {
            guard let index = body.program else { return false }
            let isFound = found[index][position >> 6] >> UInt64(position & 63) & 1 == 1
            return isFound != body.look.isNegative
        }
    }
}
