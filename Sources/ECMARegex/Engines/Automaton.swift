// SPDX-License-Identifier: Apache-2.0

/// A deterministic automaton that decides in one table look-up for each byte whether a text has a match.
///
/// `@unchecked Sendable`: the tables are written before the value is shared, and never after.
final class Automaton: @unchecked Sendable {
    /// For each state a row with the next state for each class; states are written as where their row begins.
    private let table: UnsafeMutableBufferPointer<UInt16>
    /// The class of each byte, ``decodes``, or ``Automaton/skips(_:)`` for the bytes that continue a character.
    private let classes: UnsafeMutableBufferPointer<UInt8>
    private let starts: UnsafeMutableBufferPointer<UInt32>
    private let startClasses: UnsafeMutableBufferPointer<UInt8>
    private let stride: Int

    /// A byte whose characters are in several classes.
    static let decodes: UInt8 = 0xFF
    /// No match is possible any more.
    static let dead = 0
    static let maximumEntries = 1 << 16

    /// Columns after the classes: a byte that continues a character, and the end of the text.
    static func skips(_ alphabet: Alphabet) -> Int { alphabet.count }
    static func end(_ alphabet: Alphabet) -> Int { alphabet.count + 1 }
    static func stride(_ alphabet: Alphabet) -> Int { alphabet.count + 2 }

    init(_ alphabet: Alphabet, rows: [UInt16]) {
        stride = Self.stride(alphabet)
        table = .allocate(capacity: rows.count)
        _ = table.initialize(from: rows)
        starts = .allocate(capacity: alphabet.starts.count)
        _ = starts.initialize(from: alphabet.starts)
        startClasses = .allocate(capacity: alphabet.starts.count)
        _ = startClasses.initialize(from: alphabet.classes[128...])
        classes = .allocate(capacity: 256)
        _ = classes.initialize(
            from: (0..<256).map { byte in
                if byte < 0x80 { return alphabet.classes[byte] }
                // Bytes that begin no character read as U+FFFD, like everywhere.
                if byte >= 0xC2, byte <= 0xF4 {
                    return alphabet.classOf(lead: UInt8(byte)).map { UInt8($0) } ?? Self.decodes
                }
                return UInt8(byte < 0xC0 ? Self.skips(alphabet) : alphabet.classOf(0xFFFD))
            })
    }

    deinit {
        table.deallocate()
        classes.deallocate()
        starts.deallocate()
        startClasses.deallocate()
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // The rows: dead, accepting, then the one to start in.
        let accepting = stride
        var state = 2 &* stride
        var position = 0
        while position < bytes.count {
            var column = classes[Int(bytes[position])]
            position &+= 1
            if column == Self.decodes {
                let decoded = UTF8Cursor.decode(bytes, at: position &- 1)
                position &+= decoded.length &- 1
                column = classOf(decoded.codePoint)
            }
            let next = Int(table[state &+ Int(column)])
            // A loop that stays in its state need not wait for the table: the branch is predicted.
            if next == state { continue }
            state = next
            if state <= accepting { return state == accepting }
        }
        return Int(table[state &+ stride &- 1]) == accepting
    }

    @inline(never)
    private func classOf(_ codePoint: UInt32) -> UInt8 {
        var lower = 0
        var upper = starts.count
        while upper &- lower > 1 {
            let middle = (lower &+ upper) >> 1
            if starts[middle] <= codePoint { lower = middle } else { upper = middle }
        }
        return startClasses[lower]
    }
}
