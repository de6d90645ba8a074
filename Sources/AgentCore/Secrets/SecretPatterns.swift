// SPDX-License-Identifier: Apache-2.0

/// The byte strings that are looked for, by their first byte.
struct SecretPatterns: Sendable {
    /// Longest first, so that the first that fits is the longest.
    private var byFirstByte = [[[UInt8]]](repeating: [], count: 256)
    private var longest = 0

    var isEmpty: Bool { longest == 0 }

    mutating func insert(_ patterns: some Sequence<[UInt8]>) {
        for pattern in patterns {
            guard let first = pattern.first, !byFirstByte[Int(first)].contains(pattern) else { continue }
            byFirstByte[Int(first)].append(pattern)
            byFirstByte[Int(first)].sort { $0.count > $1.count }
            longest = max(longest, pattern.count)
        }
    }

    /// Where patterns stand in `bytes`: in order and apart, those that overlap or touch as one.
    func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for start in bytes.indices {
            guard
                let length = byFirstByte[Int(bytes[start])].first(where: { Self.stands($0, in: bytes, at: start) })?
                    .count
            else { continue }
            if let last = found.last, last.upperBound >= start {
                found[found.count - 1] = last.lowerBound..<max(last.upperBound, start + length)
            } else {
                found.append(start..<start + length)
            }
        }
        return found
    }

    /// Where the end of `bytes` begins that more bytes could make a find, or lengthen one; `bytes.count` when nothing could.
    func undecided(in bytes: [UInt8], _ found: [Range<Int>]) -> Int {
        let open = bytes.indices.suffix(max(0, longest - 1)).first { start in
            byFirstByte[Int(bytes[start])].contains { pattern in
                pattern.count > bytes.count - start && pattern.starts(with: bytes[start...])
            }
        }
        guard let open else { return bytes.count }
        return found.first { $0.upperBound >= open && $0.lowerBound < open }?.lowerBound ?? open
    }

    private static func stands(_ pattern: [UInt8], in bytes: [UInt8], at start: Int) -> Bool {
        guard pattern.count <= bytes.count - start else { return false }
        for place in pattern.indices where bytes[start + place] != pattern[place] { return false }
        return true
    }
}
