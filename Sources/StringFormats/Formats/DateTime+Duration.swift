// SPDX-License-Identifier: Apache-2.0

extension DateTime {
    /// `duration`: RFC 3339 appendix A. No fractions; a unit may be left out only at the two ends of its row, so
    /// `P1Y2M` and `P2M3D`, but not `P1Y3D`. Lower case counts, as in all ABNF (RFC 5234 §2.3).
    static func isDuration(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 3, bytes[0].lowercased == UInt8(ascii: "p") else { return false }
        var position = 1
        if bytes[1].lowercased != UInt8(ascii: "t") {
            guard takeElements(bytes, at: &position, units: ("y", "m", "d"), alone: "w") else { return false }
            if position == bytes.count { return true }
            let isWeek = bytes[position - 1].lowercased == UInt8(ascii: "w")
            guard !isWeek, bytes[position].lowercased == UInt8(ascii: "t") else { return false }
        }
        position += 1
        return takeElements(bytes, at: &position, units: ("h", "m", "s"), alone: nil) && position == bytes.count
    }

    /// Reads one or more numbers with units that follow one another in `units`, or one number with the unit `alone`.
    private static func takeElements(
        _ bytes: Span<UInt8>, at position: inout Int, units: (Unicode.Scalar, Unicode.Scalar, Unicode.Scalar),
        alone: Unicode.Scalar?
    ) -> Bool {
        var rank = 0
        while position < bytes.count, bytes[position].isDigit {
            while position < bytes.count, bytes[position].isDigit { position += 1 }
            guard position < bytes.count else { return false }
            let found: Int
            switch Unicode.Scalar(bytes[position].lowercased) {
            case units.0: found = 1
            case units.1: found = 2
            case units.2: found = 3
            case alone where rank == 0: found = 4
            default: return false
            }
            position += 1
            guard rank == 0 || found == rank + 1 else { return false }
            rank = found
        }
        return rank > 0
    }
}
