// SPDX-License-Identifier: Apache-2.0

/// A place in a text, for people: only a line feed ends a line, and columns count Unicode scalars.
struct JSONTextPosition: Sendable {
    /// From 1.
    private(set) var line = 1
    /// From 1.
    private(set) var column = 1

    /// Moves behind `bytes`, which stand here.
    mutating func advance(over bytes: UnsafeRawBufferPointer) {
        for offset in 0..<bytes.count {
            let byte = unsafe bytes[offset]
            if byte == UInt8(ascii: "\n") {
                line &+= 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column &+= 1
            }
        }
    }

    /// Moves back over `bytes`, which stand before it on the same line.
    mutating func retreat(over bytes: UnsafeRawBufferPointer) {
        for offset in 0..<bytes.count where unsafe bytes[offset] & 0xC0 != 0x80 { column &-= 1 }
    }
}
