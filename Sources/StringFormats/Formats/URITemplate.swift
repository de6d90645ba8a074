// SPDX-License-Identifier: Apache-2.0

/// URI templates of any level: RFC 6570 §2.
enum URITemplate {
    /// §2.1 with erratum 6937, which adds the apostrophe.
    private static let literals = ASCIISet(0x21...0x7E).subtracting("\"%<>\\^`{|}")
    /// §2.2, with those that are reserved for later.
    private static let operators = ASCIISet("+#./;?&=,!@|")
    private static let nameCharacters = ASCIISet.alphanumerics.union("_")

    static func accepts(_ bytes: Span<UInt8>) -> Bool {
        let literals = literals
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if literals.contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "{") {
                guard takeExpression(bytes, at: &position) else { return false }
            } else if byte == UInt8(ascii: "%") {
                guard PercentEncoding.take(bytes, at: &position) else { return false }
            } else {
                guard byte >= 0x80, IRICharacters.take(bytes, at: &position, withPrivateUse: true) else { return false }
            }
        }
        return true
    }

    private static func takeExpression(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        position += 1
        if position < bytes.count, operators.contains(bytes[position]) { position += 1 }
        while true {
            guard takeName(bytes, at: &position), takeModifier(bytes, at: &position) else { return false }
            guard position < bytes.count else { return false }
            let next = bytes[position]
            position += 1
            if next == UInt8(ascii: "}") { return true }
            guard next == UInt8(ascii: ",") else { return false }
        }
    }

    /// `varname`: characters with single dots between them.
    private static func takeName(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        let characters = nameCharacters
        while true {
            let start = position
            while position < bytes.count {
                if characters.contains(bytes[position]) {
                    position += 1
                } else if !PercentEncoding.take(bytes, at: &position) {
                    break
                }
            }
            guard position > start else { return false }
            guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return true }
            position += 1
        }
    }

    /// Nothing, `*`, or `:` and a length from 1 to 9999.
    private static func takeModifier(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        guard position < bytes.count else { return true }
        if bytes[position] == UInt8(ascii: "*") {
            position += 1
        } else if bytes[position] == UInt8(ascii: ":") {
            position += 1
            let start = position
            while position < bytes.count, bytes[position].isDigit { position += 1 }
            return 1...4 ~= position - start && bytes[start] != UInt8(ascii: "0")
        }
        return true
    }
}
