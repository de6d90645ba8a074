// SPDX-License-Identifier: Apache-2.0

/// Host names.
enum Hostname {
    /// Octets of a label, and of a name without the dot of the root (RFC 1035 §2.3.4, RFC 5890 §2.3.2.1).
    static let labelLimit = 63
    static let nameLimit = 253

    /// RFC 1123 §2.1: labels of letters, digits and inner hyphens. A label that starts with `xn--` must also stand for
    /// a label of an internationalised name (RFC 5891 §4.4). A dot at the end is not part of a name.
    static func isHostname(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count <= nameLimit else { return false }
        let hyphen = UInt8(ascii: "-")
        let allowed = ASCIISet.hostname
        var start = 0
        var position = 0
        var hasPunycode = false
        while true {
            while position < bytes.count, allowed.contains(bytes[position]) { position += 1 }
            let length = position - start
            guard length > 0, length <= labelLimit, bytes[start] != hyphen, bytes[position - 1] != hyphen else {
                return false
            }
            if length > 4, bytes[start + 2] == hyphen, bytes[start + 3] == hyphen {
                let isPunycode =
                    bytes[start].lowercased == UInt8(ascii: "x")
                    && bytes[start + 1].lowercased == UInt8(ascii: "n")
                hasPunycode = hasPunycode || isPunycode
            }
            if position == bytes.count { return !hasPunycode || DomainName.accepts(bytes, separators: .fullStop) }
            guard bytes[position] == UInt8(ascii: ".") else { return false }
            position += 1
            start = position
        }
    }

    /// RFC 5890 §2.3.2.3, and all that ``isHostname(_:)`` accepts. The labels are taken as they are: capital letters
    /// beside letters outside ASCII are refused, as no mapping (RFC 5895) comes first. The dots are those of
    /// RFC 3490 §3.1.
    static func isInternational(_ bytes: Span<UInt8>) -> Bool {
        isHostname(bytes) || (hasNonASCII(bytes) && DomainName.accepts(bytes, separators: .allDots))
    }

    /// A domain in a mailbox: RFC 6531 §3.3 has only the ASCII dot.
    static func isMailDomain(_ bytes: Span<UInt8>) -> Bool {
        isHostname(bytes) || (hasNonASCII(bytes) && DomainName.accepts(bytes, separators: .fullStop, composes: true))
    }

    private static func hasNonASCII(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] >= 0x80 { return true }
        return false
    }
}
