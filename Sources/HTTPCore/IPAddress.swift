// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An address of IPv4 (4 bytes) or IPv6 (16 bytes).
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// In network order.
    public let bytes: [UInt8]

    /// Reads the usual form alone: four decimal numbers, or RFC 4291 §2.2, with or without brackets. What the C library takes for an
    /// address beside that (`127.1`, `0x7f000001`, `017700000001`) is none here.
    public init?(_ text: String) {
        var text = Substring(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, String(text), &four) == 1 {
            bytes = withUnsafeBytes(of: &four, Array.init)
        } else if inet_pton(AF_INET6, String(text), &six) == 1 {
            bytes = withUnsafeBytes(of: &six, Array.init)
        } else {
            return nil
        }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    public var isIPv6: Bool { bytes.count == 16 }

    /// 127.0.0.0/8 and ::1.
    public var isLoopback: Bool {
        isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 : bytes[0] == 127
    }

    /// Whether the address belongs to the public internet. This machine, private and local networks, the metadata services of clouds,
    /// multicast, and addresses of IPv6 that hold one of IPv4 do not.
    public var isPublic: Bool {
        isIPv6
            ? Self.matches(bytes, Self.global6) && !Self.special6.contains { Self.matches(bytes, $0) }
            : !Self.special4.contains { Self.matches(bytes, $0) }
    }

    private typealias Network = (bytes: [UInt8], bits: Int)

    // IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771) and class E.
    private static let special4: [Network] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]
    // RFC 4291 §2.4: all that is public so far. ::1, mapped and compatible addresses, 64:ff9b::/96, fc00::/7, fe80::/10 and
    // ff00::/8 lie outside.
    private static let global6: Network = ([0x20], 3)
    // IANA IPv6 Special-Purpose Address Registry: protocols such as Teredo, documentation, 6to4, documentation.
    private static let special6: [Network] = [
        ([0x20, 0x01, 0], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16), ([0x3F, 0xFF], 20),
    ]

    private static func matches(_ bytes: [UInt8], _ network: Network) -> Bool {
        network.bytes.enumerated().allSatisfy { place, byte in
            let bits = min(8, network.bits - place * 8)
            let mask = bits >= 8 ? 0xFF : ~(UInt8(0xFF) >> UInt8(max(0, bits)))
            return bytes[place] & mask == byte & mask
        }
    }

    /// In the usual form, without brackets.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// As it stands in a URL.
    public var host: String { isIPv6 ? "[\(description)]" : description }
}
