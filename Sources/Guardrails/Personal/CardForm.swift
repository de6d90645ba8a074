// SPDX-License-Identifier: Apache-2.0

/// Numbers of payment cards: 13 to 19 digits in one group or in those printed on cards, an issuer's prefix and its lengths, and
/// the check digit of ISO/IEC 7812-1.
enum CardForm {
    private static let shapes = [
        [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3], [4, 4, 4, 1], [4, 4, 4, 4, 2], [4, 4, 5], [6, 13],
    ]

    static func end(of number: DigitGroups, in text: TextView) -> Int? {
        guard !number.hasPlus, number.groups[0].separator == 0, !number.groups[0].isBracketed, number.canBegin(in: text)
        else { return nil }
        if let end = end(of: number, groups: 1, in: text) { return end }
        let shape = shapes.filter { number.begin(with: $0, separatedBy: " -") }.max { $0.count < $1.count }
        guard let shape else { return nil }
        return end(of: number, groups: shape.count, in: text)
            // `4111 1111 1111 1111 123`: the last group is another number.
            ?? (shape.count == 5 ? end(of: number, groups: 4, in: text) : nil)
    }

    private static func end(of number: DigitGroups, groups: Int, in text: TextView) -> Int? {
        let digits = number.digits.prefix(number.digitCount(groups))
        guard (13...19).contains(digits.count), number.canEnd(groups, in: text, joints: "-."), isIssued(digits),
            hasCheckDigit(digits), Set(digits).count > 1
        else { return nil }
        return number.end(groups)
    }

    /// ISO/IEC 7812-1, annex B.
    static func hasCheckDigit(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        var isDoubled = false
        for digit in digits.reversed() {
            let value = isDoubled ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    /// The ranges that Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro, Mir and RuPay publish.
    private static func isIssued(_ digits: ArraySlice<UInt8>) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch (prefix, digits.count) {
        case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): return true
        case (5100...5599, 16), (2221...2720, 16): return true
        case (3400...3499, 15), (3700...3799, 15): return true
        case (3000...3059, 14), (3095, 14), (3600...3699, 14...19), (3800...3999, 14...19): return true
        case (6011, 16...19), (6440...6599, 16...19), (3528...3589, 16...19), (6200...6299, 16...19): return true
        case (5018, 13...19), (5020, 13...19), (5038, 13...19), (5893, 13...19), (6304, 13...19), (6759, 13...19),
            (6761...6763, 13...19):
            return true
        case (2200...2204, 16...19), (8172, 16), (6080...6089, 16): return true
        default: return false
        }
    }
}
