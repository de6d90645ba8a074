// SPDX-License-Identifier: Apache-2.0

enum UUIDText {
    /// RFC 4122 §3, of any version and variant.
    static func accepts(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
            guard isHyphen ? bytes[index] == UInt8(ascii: "-") : bytes[index].isHexDigit else { return false }
        }
        return true
    }
}
