// SPDX-License-Identifier: Apache-2.0

/// URIs (RFC 3986) and IRIs (RFC 3987), absolute or relative.
struct ResourceIdentifier: Sendable {
    static let uri = ResourceIdentifier(isInternational: false)
    static let iri = ResourceIdentifier(isInternational: true)

    private let isInternational: Bool

    private static let unreserved = ASCIISet.alphanumerics.union("-._~")
    private static let schemeCharacters = ASCIISet.alphanumerics.union("+-.")
    private static let hostCharacters = unreserved.union("!$&'()*+,;=")
    private static let userCharacters = hostCharacters.union(":")
    private static let pathCharacters = hostCharacters.union(":@/")
    private static let queryCharacters = pathCharacters.union("?")

    /// - Parameter isReference: whether the scheme may be missing (RFC 3986 §4.1).
    func accepts(_ bytes: Span<UInt8>, isReference: Bool) -> Bool {
        var position = Self.schemeEnd(bytes)
        guard position > 0 || isReference else { return false }
        if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "/"), bytes[position + 1] == UInt8(ascii: "/") {
            position += 2
            guard takeAuthority(bytes, at: &position) else { return false }
        } else if position == 0, firstSegmentHasColon(bytes) {
            return false
        }
        take(bytes, at: &position, in: Self.pathCharacters)
        if position < bytes.count, bytes[position] == UInt8(ascii: "?") {
            position += 1
            take(bytes, at: &position, in: Self.queryCharacters, withPrivateUse: true)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "#") {
            position += 1
            take(bytes, at: &position, in: Self.queryCharacters)
        }
        return position == bytes.count
    }

    /// The place behind the scheme and its colon; 0 when there is no scheme.
    private static func schemeEnd(_ bytes: Span<UInt8>) -> Int {
        guard bytes.count > 0, ASCIISet.letters.contains(bytes[0]) else { return 0 }
        let allowed = schemeCharacters
        var position = 1
        while position < bytes.count, allowed.contains(bytes[position]) { position += 1 }
        return position < bytes.count && bytes[position] == UInt8(ascii: ":") ? position + 1 : 0
    }

    /// RFC 3986 §4.2: such a relative reference would read as one with a scheme.
    private func firstSegmentHasColon(_ bytes: Span<UInt8>) -> Bool {
        var position = 0
        take(bytes, at: &position, in: Self.hostCharacters.union("@"))
        return position < bytes.count && bytes[position] == UInt8(ascii: ":")
    }

    /// RFC 3986 §3.2: user information, host and port, up to the path, the query, the fragment or the end.
    private func takeAuthority(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        var end = position
        take(bytes, at: &end, in: Self.userCharacters)
        if end < bytes.count, bytes[end] == UInt8(ascii: "@") { position = end + 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "[") {
            guard Self.takeLiteral(bytes, at: &position) else { return false }
        } else {
            take(bytes, at: &position, in: Self.hostCharacters)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ":") {
            position += 1
            while position < bytes.count, bytes[position].isDigit { position += 1 }
        }
        guard position < bytes.count else { return true }
        let next = bytes[position]
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "?") || next == UInt8(ascii: "#")
    }

    /// `IP-literal`, from `[` to `]`: an IPv6 address or a future form such as `v1.x`.
    private static func takeLiteral(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        let start = position + 1
        var end = start
        let allowed = userCharacters
        while end < bytes.count, allowed.contains(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "]") else { return false }
        position = end + 1
        let literal = bytes.extracting(start..<end)
        guard literal.count > 0, literal[0].lowercased == UInt8(ascii: "v") else { return IPAddress.isIPv6(literal) }
        var dot = 1
        while dot < literal.count, literal[dot].isHexDigit { dot += 1 }
        return dot > 1 && dot + 1 < literal.count && literal[dot] == UInt8(ascii: ".")
    }

    /// Moves `position` over characters of `set`, percent-encoded ones, and in an IRI those that RFC 3987 adds. It
    /// stops where none of them is.
    @inline(__always) private func take(
        _ bytes: Span<UInt8>, at position: inout Int, in set: ASCIISet, withPrivateUse: Bool = false
    ) {
        while position < bytes.count {
            let byte = bytes[position]
            if set.contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "%") {
                guard PercentEncoding.take(bytes, at: &position) else { return }
            } else {
                guard isInternational, byte >= 0x80 else { return }
                guard IRICharacters.take(bytes, at: &position, withPrivateUse: withPrivateUse) else { return }
            }
        }
    }
}

enum PercentEncoding {
    /// Moves `position` over `%` and two hexadecimal digits (RFC 3986 §2.1); says whether they are there.
    static func take(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        guard position + 2 < bytes.count, bytes[position] == UInt8(ascii: "%") else { return false }
        guard bytes[position + 1].isHexDigit, bytes[position + 2].isHexDigit else { return false }
        position += 3
        return true
    }
}

enum IRICharacters {
    /// Moves `position` over one character of `ucschar` or, on demand, `iprivate` (RFC 3987 §2.2).
    static func take(_ bytes: Span<UInt8>, at position: inout Int, withPrivateUse: Bool) -> Bool {
        var end = position
        guard let scalar = UTF8Reader.next(bytes, at: &end) else { return false }
        guard isPlain(scalar) || (withPrivateUse && isPrivateUse(scalar)) else { return false }
        position = end
        return true
    }

    private static func isPlain(_ scalar: UInt32) -> Bool {
        switch scalar {
        // §4.1: no marks that only steer the direction of writing.
        case 0x200E, 0x200F, 0x202A...0x202E: false
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
        case 0x10000...0xDFFFF: scalar & 0xFFFE != 0xFFFE
        case 0xE1000...0xEFFFD: true
        default: false
        }
    }

    private static func isPrivateUse(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: true
        default: false
        }
    }
}
