// SPDX-License-Identifier: Apache-2.0

/// Mailboxes: RFC 5321 §4.1.2, and RFC 6531 §3.3 when international.
enum EmailAddress {
    /// Octets (RFC 5321 §4.5.3.1.1).
    private static let localPartLimit = 64
    private static let atomCharacters = ASCIISet.alphanumerics.union("!#$%&'*+-/=?^_`{|}~")
    private static let quotedCharacters = ASCIISet(0x20...0x7E).subtracting("\"\\")
    private static let escapableCharacters = ASCIISet(0x20...0x7E)

    static func isMailbox(_ bytes: Span<UInt8>, isInternational: Bool) -> Bool {
        var position = 0
        let isQuoted = bytes.count > 0 && bytes[0] == UInt8(ascii: "\"")
        let isLocalPart =
            isQuoted
            ? takeQuotedString(bytes, at: &position, isInternational)
            : takeDotString(bytes, at: &position, isInternational)
        guard isLocalPart, position <= localPartLimit, position < bytes.count else { return false }
        guard bytes[position] == UInt8(ascii: "@") else { return false }
        let domain = bytes.extracting(position + 1..<bytes.count)
        if domain.count > 0, domain[0] == UInt8(ascii: "[") { return isAddressLiteral(domain) }
        return isInternational ? Hostname.isMailDomain(domain) : Hostname.isHostname(domain)
    }

    /// Atoms with single dots between them.
    private static func takeDotString(_ bytes: Span<UInt8>, at position: inout Int, _ isInternational: Bool) -> Bool {
        while true {
            let start = position
            takeCharacters(bytes, at: &position, in: atomCharacters, isInternational)
            guard position > start else { return false }
            guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return true }
            position += 1
        }
    }

    private static func takeQuotedString(
        _ bytes: Span<UInt8>, at position: inout Int, _ isInternational: Bool
    ) -> Bool {
        position += 1
        while true {
            takeCharacters(bytes, at: &position, in: quotedCharacters, isInternational)
            guard position < bytes.count else { return false }
            if bytes[position] == UInt8(ascii: "\"") {
                position += 1
                return true
            }
            let isEscape = bytes[position] == UInt8(ascii: "\\") && position + 1 < bytes.count
            guard isEscape, escapableCharacters.contains(bytes[position + 1]) else { return false }
            position += 2
        }
    }

    @inline(__always) private static func takeCharacters(
        _ bytes: Span<UInt8>, at position: inout Int, in set: ASCIISet, _ isInternational: Bool
    ) {
        while position < bytes.count {
            if set.contains(bytes[position]) {
                position += 1
            } else if !isInternational || bytes[position] < 0x80 || UTF8Reader.next(bytes, at: &position) == nil {
                return
            }
        }
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`. No other tag is registered (RFC 5321 §8).
    private static func isAddressLiteral(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 2, bytes[bytes.count - 1] == UInt8(ascii: "]") else { return false }
        let address = bytes.extracting(1..<bytes.count - 1)
        guard hasIPv6Tag(address) else { return IPAddress.isIPv4(address) }
        return IPAddress.isIPv6(address.extracting(5..<address.count))
    }

    private static func hasIPv6Tag(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= 5 && bytes[0].lowercased == UInt8(ascii: "i") && bytes[1].lowercased == UInt8(ascii: "p")
            && bytes[2].lowercased == UInt8(ascii: "v") && bytes[3] == UInt8(ascii: "6")
            && bytes[4] == UInt8(ascii: ":")
    }
}
