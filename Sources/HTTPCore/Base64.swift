// SPDX-License-Identifier: Apache-2.0

/// Base64 with padding (RFC 4648 §4).
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = alphabet
        return [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text, filled in
            var place = 0
            while place < bytes.count {
                let rest = bytes.count - place
                let first = Int(bytes[place])
                let second = rest > 1 ? Int(bytes[place + 1]) : 0
                let third = rest > 2 ? Int(bytes[place + 2]) : 0
                text[filled] = alphabet[first >> 2]
                text[filled + 1] = alphabet[(first & 3) << 4 | second >> 4]
                text[filled + 2] = rest > 1 ? alphabet[(second & 15) << 2 | third >> 6] : 0x3D
                text[filled + 3] = rest > 2 ? alphabet[third & 63] : 0x3D
                filled += 4
                place += 3
            }
        }
    }

    /// - Returns: `nil` when `text` is not base64: a foreign character, a length that is no multiple of four, padding
    ///   inside, or bits behind the last byte.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for character in text {
            if character == 0x3D {
                padding += 1
                continue
            }
            let value = values[Int(character)]
            guard value != 0xFF, padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count == 4 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
                (bits, count) = (0, 0)
            }
        }
        switch (count, padding) {
        case (0, 0): return bytes
        case (2, 2) where bits & 0xF == 0: return bytes + [UInt8(truncatingIfNeeded: bits >> 4)]
        case (3, 1) where bits & 0x3 == 0:
            return bytes + [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        default: return nil
        }
    }
}
