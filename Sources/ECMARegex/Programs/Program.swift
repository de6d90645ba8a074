// SPDX-License-Identifier: Apache-2.0

/// One step of a ``Program``. What `first` and `second` mean depends on the operation.
struct Instruction: Sendable {
    enum Operation: UInt8, Sendable {
        /// Reads the code point `first`.
        case character, characterBefore
        /// Reads a member of the set `first`.
        case set, setBefore
        /// Reads as ``Program/runs`` `first` says.
        case run
        /// Goes on at `first`, or if that fails at `second`.
        case split
        /// Goes on at `first`.
        case jump
        /// Holds where the ``Assertion`` with the raw value `first` does.
        case assertion
        /// Notes the position in slot `first`.
        case save
        /// Fails if the position is the one in slot `first`: a turn of a loop that read nothing.
        case progress
        /// Forgets the slots from `first` up to, without, `second`.
        case forget
        /// Reads what the groups of reference `first` hold.
        case reference, referenceBefore
        /// Looks with ``Program/looks`` `first`. When backtracking, the body follows and `second` is what comes after.
        case look
        /// Ends the whole pattern or the body of a look.
        case match
    }

    var operation: Operation
    var first: Int32 = 0
    var second: Int32 = 0
}

/// A pattern as a list of steps, for ``Backtracker`` or for ``LinearSearch`` and ``AutomatonBuilder``.
struct Program: Sendable {
    struct Run: Sendable {
        var set: Int
        var minimum: Int
        var maximum: Int
        var isLazy: Bool
        /// Nothing that comes next can match where this run could have stopped earlier, so it gives nothing back.
        var isPossessive: Bool
    }

    /// Numbers and ranges in one place, so that matching touches no reference count.
    struct Set: Sendable {
        var low: UInt64
        var high: UInt64
        var start: Int
        var count: Int
    }

    struct LookBody: Sendable {
        var look: Look
        /// The body, read against its direction; `nil` when backtracking, where it is part of the code.
        var program: Int?
    }

    var code: [Instruction] = []
    var sets: [Set] = []
    var ranges: [CodePointRange] = []
    var runs: [Run] = []
    var looks: [LookBody] = []
    var references: [[Int]] = []
    var foldsReference: [Bool] = []
    var slotCount = 0
    /// Matches only where the string begins.
    var isAnchored = false
    /// The bytes that a match can begin with; `nil` when it may be empty.
    var firstBytes: ByteSet?

    func set(_ index: Int) -> CodePointSet {
        let set = sets[index]
        return CodePointSet(low: set.low, high: set.high, ranges: Array(ranges[set.start..<set.start + set.count]))
    }
}

/// A set of bytes.
struct ByteSet: Sendable, Hashable {
    private var words: (UInt64, UInt64) = (0, 0)
    private var highWords: (UInt64, UInt64) = (0, 0)

    /// The bytes that the UTF-8 of the set's members begins with.
    init(firstOf set: CodePointSet) {
        words = (set.low, set.high)
        for range in set.ranges {
            for byte in Self.lead(range.lower)...Self.lead(range.upper) { insert(byte) }
        }
    }

    private static func lead(_ codePoint: UInt32) -> UInt8 {
        codePoint < 0x800
            ? UInt8(0xC0 | codePoint >> 6)
            : codePoint < 0x10000 ? UInt8(0xE0 | codePoint >> 12) : UInt8(0xF0 | codePoint >> 18)
    }

    private mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        if byte < 192 { highWords.0 |= bit } else { highWords.1 |= bit }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 128 ? (byte < 64 ? words.0 : words.1) : (byte < 192 ? highWords.0 : highWords.1)
        return word >> UInt64(byte & 63) & 1 == 1
    }

    static func == (left: ByteSet, right: ByteSet) -> Bool {
        left.words == right.words && left.highWords == right.highWords
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(highWords.1)
    }
}
