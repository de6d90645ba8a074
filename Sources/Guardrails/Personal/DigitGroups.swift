// SPDX-License-Identifier: Apache-2.0

/// Groups of digits with single separators between them, as people write long numbers: `+49 (0)30 23125-042`.
///
/// Reads at most ``maximumDigits`` digits; groups that would go over it are left out.
struct DigitGroups {
    static let maximumDigits = 20

    struct Group {
        /// Of the bytes.
        var range: Range<Int>
        /// The first byte of what stands between this group and the one before it; 0 for the first.
        var separator: UInt8
        /// Whether it stands in parentheses.
        var isBracketed: Bool
    }

    private(set) var start = 0
    private(set) var hasPlus = false
    private(set) var groups: [Group] = []
    private(set) var digits: [UInt8] = []
    /// Whether the last group that was read is followed by more of the kind.
    private(set) var isCut = false

    /// - Returns: whether there are any digits.
    mutating func read(_ text: TextView, at index: Int) -> Bool {
        groups.removeAll(keepingCapacity: true)
        digits.removeAll(keepingCapacity: true)
        isCut = false
        start = index
        hasPlus = text[index] == UInt8(ascii: "+")
        var place = hasPlus ? index + 1 : index
        var separator: UInt8 = 0
        while true {
            let isBracketed = text[place] == UInt8(ascii: "(")
            if isBracketed { place += 1 }
            let end = text.end(from: place, limit: Self.maximumDigits + 1) { $0.isDigit }
            guard end > place, !isBracketed || text[end] == UInt8(ascii: ")") else { break }
            if digits.count + end - place > Self.maximumDigits {
                isCut = true
                break
            }
            for byte in text.bytes[place..<end] { digits.append(byte - 0x30) }
            groups.append(Group(range: place..<end, separator: separator, isBracketed: isBracketed))
            place = isBracketed ? end + 1 : end
            (separator, place) = Self.separator(in: text, at: place)
            if separator == 0 && !isBracketed { break }
        }
        return !digits.isEmpty
    }

    /// What may stand between two groups: a space, a hyphen, a point or a slash, spaces around a slash or a hyphen.
    private static func separator(in text: TextView, at index: Int) -> (UInt8, Int) {
        let (first, behind) = single(in: text, at: index)
        guard first != 0 else { return (0, index) }
        let (second, end) = single(in: text, at: behind)
        if first == 0x20, second == UInt8(ascii: "/") || second == UInt8(ascii: "-"), text[end] == 0x20 {
            return (second, end + 1)
        }
        return (first, behind)
    }

    private static func single(in text: TextView, at index: Int) -> (UInt8, Int) {
        switch text[index] {
        case 0x20, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): (text[index], index + 1)
        // No-break space; narrow no-break space and no-break hyphen.
        case 0xC2 where text[index + 1] == 0xA0: (0x20, index + 2)
        case 0xE2 where text[index + 1] == 0x80 && text[index + 2] == 0xAF: (0x20, index + 3)
        case 0xE2 where text[index + 1] == 0x80 && text[index + 2] == 0x91: (UInt8(ascii: "-"), index + 3)
        default: (0, index)
        }
    }

    /// Digits in the first `count` groups.
    func digitCount(_ count: Int) -> Int { groups.prefix(count).reduce(0) { $0 + $1.range.count } }

    /// The lengths of the first groups are these, and what stands between them is always the same, one of `separators`.
    func begin(with lengths: [Int], separatedBy separators: String) -> Bool {
        guard groups.count >= lengths.count else { return false }
        for (index, length) in lengths.enumerated() where groups[index].range.count != length { return false }
        guard lengths.count > 1 else { return true }
        let separator = groups[1].separator
        return separators.utf8.contains(separator)
            && groups[1..<lengths.count].allSatisfy { $0.separator == separator && !$0.isBracketed }
    }

    /// Whether a number can end with the group before `count`: no word, nor one of `joints` and a word, goes on behind it.
    func canEnd(_ count: Int, in text: TextView, joints: String = "-./") -> Bool {
        let end = groups[count - 1].range.upperBound
        if text.isWord(end) { return false }
        return !(joints.utf8.contains(text[end]) && text[end + 1].isAlphanumeric)
    }

    /// Whether a number can begin here: nothing is joined to it on its left.
    func canBegin(in text: TextView) -> Bool {
        if text.isWordBefore(start) { return false }
        // `1,234,567` is an amount; in lists other numbers stand behind a comma.
        let isThousands = text[start - 1] == UInt8(ascii: ",") && groups[0].range.count == 3
        let isJoint = isThousands || "-./".utf8.contains(text[start - 1])
        return !(isJoint && text[start - 2].isAlphanumeric)
    }

    /// Where the group before `count` ends.
    func end(_ count: Int) -> Int {
        let group = groups[count - 1]
        return group.range.upperBound + (group.isBracketed ? 1 : 0)
    }
}
