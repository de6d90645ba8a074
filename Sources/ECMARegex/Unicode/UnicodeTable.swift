// SPDX-License-Identifier: Apache-2.0

/// The code points of one property value, packed into text.
///
/// Each range is two numbers: its distance from the end of the one before, and its length less one. A number is written
/// in letters of five bits, the least first, each with a bit that says whether more follow.
struct UnicodeTable: Sendable {
    /// All names of the value, separated by spaces.
    let names: StaticString
    let ranges: StaticString

    init(_ names: StaticString, _ ranges: StaticString) {
        self.names = names
        self.ranges = ranges
    }

    func isNamed(_ name: some Collection<UInt8>) -> Bool {
        names.withUTF8Buffer { names in
            var start = 0
            while start < names.count {
                let end = names[start...].firstIndex(of: UInt8(ascii: " ")) ?? names.count
                if end - start == name.count, names[start..<end].elementsEqual(name) { return true }
                start = end + 1
            }
            return false
        }
    }

    var set: CodePointSet {
        var sorted: [CodePointRange] = []
        var next: UInt32 = 0
        sorted.reserveCapacity(ranges.utf8CodeUnitCount / 2)
        Self.forEachPair(in: ranges) { distance, length in
            sorted.append(CodePointRange(lower: next + distance, upper: next + distance + length))
            next += distance + length + 1
        }
        return CodePointSet(sorted: sorted)
    }

    static func forEachPair(in text: StaticString, _ body: (UInt32, UInt32) -> Void) {
        text.withUTF8Buffer { bytes in
            var position = 0
            while position < bytes.count {
                let first = number(in: bytes, at: &position)
                let second = number(in: bytes, at: &position)
                body(first, second)
            }
        }
    }

    private static func number(in bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while position < bytes.count {
            let letter = digit(bytes[position])
            position += 1
            value |= (letter & 31) << shift
            shift += 5
            if letter < 32 { break }
        }
        return value
    }

    /// The place of a letter in `A…Za…z0…9+-`.
    private static func digit(_ letter: UInt8) -> UInt32 {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) + 4
        case UInt8(ascii: "+"): 62
        default: 63
        }
    }
}
