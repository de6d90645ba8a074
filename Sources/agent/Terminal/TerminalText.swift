// SPDX-License-Identifier: Apache-2.0

/// Makes a stream of bytes harmless for a terminal: what could command it, hide text or turn its direction is spelt out.
///
/// Fed in pieces of any size: a character that is cut by the end of a piece waits for the next one. Line feeds and tabs
/// stay, a carriage return before a line feed goes. Everything else that is not a visible character becomes `\u{1B}`, and a
/// byte that is no UTF-8 becomes `\x9B`. Colours are no exception: a script that may set them could also write white on white.
struct TerminalText {
    /// Bytes of a character that is not complete.
    private var pending: [UInt8] = []
    private var returned = false
    /// Whether a joiner or a variation selector may follow: they belong behind a letter or sign outside ASCII, once.
    private var takesJoiner = false
    private var result: [UInt8] = []

    /// - Returns: what may be shown of `bytes` and of what had waited.
    mutating func next(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        defer { result = [] }
        for byte in bytes { take(byte) }
        return result
    }

    /// What still waited, at the end of the stream.
    mutating func end() -> [UInt8] {
        defer { result = [] }
        spellPending()
        spellReturn()
        return result
    }

    private mutating func take(_ byte: UInt8) {
        if returned {
            if byte == 0x0A { returned = false } else { spellReturn() }
        }
        if !pending.isEmpty {
            if UTF8Rules.continues(pending, with: byte) {
                pending.append(byte)
                if pending.count == UTF8Rules.length(of: pending[0]) { completeScalar() }
                return
            }
            spellPending()
        }
        switch byte {
        case 0x0D: returned = true
        case 0x09, 0x0A, 0x20...0x7E:
            result.append(byte)
            // A keycap is a digit, # or * with a variation selector.
            takesJoiner = (0x30...0x39).contains(byte) || byte == 0x23 || byte == 0x2A
        case 0x00...0x7F: spell(UInt32(byte))
        default:
            pending = [byte]
            if UTF8Rules.length(of: byte) == nil { spellPending() }
        }
    }

    private mutating func completeScalar() {
        defer { pending = [] }
        guard let scalar = String(decoding: pending, as: UTF8.self).unicodeScalars.first else { return }
        let isJoiner = Self.isJoiner(scalar)
        if Self.isHidden(scalar), !(isJoiner && takesJoiner) { return spell(scalar.value) }
        result += pending
        takesJoiner = !isJoiner
    }

    private mutating func spell(_ scalar: UInt32) {
        result += Array(("\\u{" + String(scalar, radix: 16, uppercase: true) + "}").utf8)
        takesJoiner = false
    }

    private mutating func spellPending() {
        for byte in pending {
            let digits = String(byte, radix: 16, uppercase: true)
            result += Array(("\\x" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8)
            takesJoiner = false
        }
        pending = []
    }

    private mutating func spellReturn() {
        guard returned else { return }
        returned = false
        spell(0x0D)
    }

    /// C1, marks of direction, line and paragraph separators, and what has no width: by Unicode's `Default_Ignorable_Code_Point`
    /// (UAX #44), the interlinear annotation controls, and noncharacters.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x2028, 0x2029, 0xFFF9...0xFFFB: true
        default: scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isNoncharacterCodePoint
        }
    }

    /// What emoji and some scripts need between visible characters: ZWNJ, ZWJ, variation selectors 1 to 16.
    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C, 0x200D, 0xFE00...0xFE0F: true
        default: false
        }
    }
}

/// Which bytes make a character (RFC 3629 §4).
private enum UTF8Rules {
    /// - Returns: `nil` for a byte that begins nothing.
    static func length(of first: UInt8) -> Int? {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    static func continues(_ bytes: [UInt8], with byte: UInt8) -> Bool {
        guard bytes.count == 1 else { return (0x80...0xBF).contains(byte) }
        return switch bytes[0] {
        case 0xE0: (0xA0...0xBF).contains(byte)
        case 0xED: (0x80...0x9F).contains(byte)
        case 0xF0: (0x90...0xBF).contains(byte)
        case 0xF4: (0x80...0x8F).contains(byte)
        default: (0x80...0xBF).contains(byte)
        }
    }
}
