// SPDX-License-Identifier: Apache-2.0

/// Code points in classes that no set of a program tells apart, so that an automaton needs one column for each.
struct Alphabet {
    /// The class of each ASCII character, then of each range of ``starts``.
    private(set) var classes: [UInt8]
    /// Where each range above ASCII begins; the first is at 0x80.
    private(set) var starts: [UInt32] = [0x80]
    private(set) var count = 1
    /// A member of each class.
    private(set) var representatives: [UInt32] = []

    static let maximumClasses = 250

    /// `nil` when there are too many classes.
    init?(_ program: Program, needsWord: Bool) {
        var cuts: [UInt32] = [0x80]
        for range in program.ranges { cuts += [range.lower, range.upper + 1] }
        var characters: [UInt32] = []
        for instruction in program.code where instruction.operation == .character {
            let codePoint = UInt32(instruction.first)
            if !characters.contains(codePoint) { characters.append(codePoint) }
            if codePoint >= 0x80 { cuts += [codePoint, codePoint + 1] }
            if characters.count > Self.maximumClasses { return nil }
        }
        cuts.sort()
        for cut in cuts where cut > starts[starts.count - 1] && cut <= CodePointSet.last { starts.append(cut) }
        classes = Array(repeating: 0, count: 128 + starts.count)
        for index in program.sets.indices {
            guard refine(by: program.set(index)) else { return nil }
        }
        if needsWord, !refine(by: .word) { return nil }
        for codePoint in characters {
            guard refine(by: CodePointSet(codePoint)) else { return nil }
        }
        findRepresentatives()
    }

    func member(_ index: Int) -> UInt32 { index < 128 ? UInt32(index) : starts[index - 128] }

    /// Splits each class into what the set has and what it has not.
    private mutating func refine(by set: CodePointSet) -> Bool {
        var renamed = [Int16](repeating: -1, count: 2 * count)
        var fresh = 0
        for index in classes.indices {
            let key = 2 * Int(classes[index]) + (set.contains(member(index)) ? 1 : 0)
            if renamed[key] < 0 {
                if fresh > Self.maximumClasses { return false }
                renamed[key] = Int16(fresh)
                fresh += 1
            }
            classes[index] = UInt8(renamed[key])
        }
        count = fresh
        return fresh <= Self.maximumClasses
    }

    private mutating func findRepresentatives() {
        representatives = Array(repeating: .max, count: count)
        for index in classes.indices where representatives[Int(classes[index])] == .max {
            representatives[Int(classes[index])] = member(index)
        }
    }

    func classOf(_ codePoint: UInt32) -> Int {
        if codePoint < 0x80 { return Int(classes[Int(codePoint)]) }
        var lower = 0
        var upper = starts.count
        while upper - lower > 1 {
            let middle = (lower + upper) / 2
            if starts[middle] <= codePoint { lower = middle } else { upper = middle }
        }
        return Int(classes[128 + lower])
    }

    /// The class of all characters whose UTF-8 begins with this byte; `nil` when there are several.
    func classOf(lead byte: UInt8) -> Int? {
        let lead = UInt32(byte)
        let (lower, upper): (UInt32, UInt32) =
            lead < 0xE0
            ? ((lead & 0x1F) << 6, (lead & 0x1F) << 6 | 0x3F)
            : lead < 0xF0
                ? ((lead & 0x0F) << 12, (lead & 0x0F) << 12 | 0xFFF)
                : ((lead & 0x07) << 18, min((lead & 0x07) << 18 | 0x3FFFF, CodePointSet.last))
        let first = max(lower, lead == 0xE0 ? 0x800 : lead == 0xF0 ? 0x10000 : 0x80)
        let found = classOf(first)
        for index in starts.indices where starts[index] > first && starts[index] <= upper {
            if Int(classes[128 + index]) != found { return nil }
        }
        return found
    }
}
