// SPDX-License-Identifier: Apache-2.0

/// Whether characters look as if drawn by chance or made up by a person for a password, rather than words, code or placeholders.
enum RandomForm {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private struct Classes {
        var lower = 0
        var upper = 0
        var digits = 0
        /// Neither letters, digits nor what joins words in code.
        var symbols = 0
        var joints = 0
        var seen: (UInt64, UInt64) = (0, 0)

        var distinct: Int { seen.0.nonzeroBitCount + seen.1.nonzeroBitCount }
        var kinds: Int { [lower, upper, digits, symbols].count { $0 > 0 } }
    }

    private static func classes(_ bytes: Bytes) -> Classes {
        var classes = Classes()
        for byte in bytes {
            if byte.isDigit {
                classes.digits += 1
            } else if byte.isUppercase {
                classes.upper += 1
            } else if byte.isLetter || byte >= 0x80 {
                classes.lower += 1
            } else if ".-_/:\\".utf8.contains(byte) {
                classes.joints += 1
            } else {
                classes.symbols += 1
            }
            if byte < 64 { classes.seen.0 |= 1 << UInt64(byte) } else { classes.seen.1 |= 1 << UInt64(byte & 63) }
        }
        return classes
    }

    /// Of the rest of a token: enough different characters, so that `xxxx` and `1234` are none.
    static func isVaried(_ bytes: Bytes) -> Bool {
        let classes = classes(bytes)
        return classes.distinct >= min(10, bytes.count / 2)
            && [classes.lower, classes.upper, classes.digits].count { $0 > 0 } > 1
    }

    /// Of a key: at least 16 characters of base64 or hexadecimal with letters and digits in disorder.
    static func isKey(_ bytes: Bytes) -> Bool {
        guard bytes.count >= 16 else { return false }
        let classes = classes(bytes)
        return classes.distinct >= 8 && classes.digits > 1 && classes.lower + classes.upper > 1
            && classes.symbols * 4 < bytes.count && changes(bytes) * 4 >= bytes.count
            && !isPlaceholder(bytes)
    }

    /// Of a password: 8 to 128 characters, of three kinds, or of two with a symbol or many changes between them.
    static func isPassword(_ bytes: Bytes) -> Bool {
        guard (8...128).contains(bytes.count) else { return false }
        let classes = classes(bytes)
        guard classes.distinct >= 6, classes.digits + classes.symbols > 0, !isPlaceholder(bytes) else { return false }
        if classes.kinds >= 3 { return classes.digits > 0 || classes.symbols > 1 }
        return classes.kinds == 2 && classes.digits > 1 && changes(bytes) >= 3
    }

    /// How often letters turn into digits, or lower case into upper: random text changes at half of its places.
    private static func changes(_ bytes: Bytes) -> Int {
        var count = 0
        var last: UInt8 = 0
        for byte in bytes {
            let kind: UInt8 = byte.isDigit ? 1 : byte.isUppercase ? 2 : byte.isLetter ? 3 : 4
            if kind != last { count += 1 }
            last = kind
        }
        return count - 1
    }

    private static let placeholders = [
        "your", "example", "changeme", "change_me", "change-me", "placeholder", "redacted", "xxxx", "****", "....",
        "password", "passwd",
        "none", "null", "undefined", "secret:", "todo", "process.env", "os.environ", "getenv", "vault:", "env.",
    ].allBytes

    /// What stands for a secret in manuals and settings: `${NAME}`, `<key>`, `YOUR_KEY`, `[redacted]`.
    static func isPlaceholder(_ bytes: Bytes) -> Bool {
        guard let first = bytes.first, let last = bytes.last, !"$<{[%*".utf8.contains(first), last != UInt8(ascii: ")")
        else {
            return true
        }
        let view = TextView(UnsafeBufferPointer(rebasing: bytes))
        for index in 0..<view.count {
            if "({".utf8.contains(view[index]), index > 0,
                view[index - 1] == UInt8(ascii: "$") || view[index - 1].isLetter
            {
                return true
            }
            if placeholders.contains(where: { view.has($0, at: index) }) { return true }
        }
        return false
    }
}
