// SPDX-License-Identifier: Apache-2.0

/// The span that a process was started in: the header `traceparent`, in the environment `TRACEPARENT` (W3C Trace Context §3.2).
public struct TraceParent: Sendable, Equatable {
    /// 32 and 16 hexadecimal digits.
    public let trace, span: String
    /// Whether the trace is kept; whoever is part of one that is not sends nothing.
    public let isSampled: Bool

    /// - Returns: `nil` when `text` is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            Self.isHex(parts[1], 32), Self.isHex(parts[2], 16), Self.isHex(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        trace = parts[1]
        span = parts[2]
        isSampled = (UInt8(parts[3], radix: 16) ?? 0) & 1 == 1
    }

    private static func isHex(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
