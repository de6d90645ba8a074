// SPDX-License-Identifier: Apache-2.0

/// Numbers by which states know people, where they are digits only.
enum NumberedIDForm {
    static func find(_ number: DigitGroups, in text: TextView) -> TextFind<PersonalDataKind>? {
        guard !number.hasPlus, !number.groups[0].isBracketed, number.canBegin(in: text) else { return nil }
        if let end = socialSecurityEnd(of: number, in: text) { return TextFind(.usSSN, number.start..<end) }
        if let end = taxEnd(of: number, in: text) { return TextFind(.deTaxID, number.start..<end) }
        if let end = citizenEnd(of: number, in: text) { return TextFind(.nlBSN, number.start..<end) }
        if let end = insuranceEnd(of: number, in: text) { return TextFind(.frNIR, number.start..<end) }
        return nil
    }

    // MARK: - United States

    private static let socialSecurityNames = ["ssn", "social", "itin"].allBytes

    /// `123-45-6789`; otherwise spaced or unspaced where it is named.
    private static func socialSecurityEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let isWritten = number.begin(with: [3, 2, 4], separatedBy: "-")
        let isSpaced = number.begin(with: [3, 2, 4], separatedBy: " ")
        let isPlain = number.begin(with: [9], separatedBy: "")
        guard isWritten || isSpaced || isPlain else { return nil }
        let groups = isPlain ? 1 : 3
        guard number.canEnd(groups, in: text), isGiven(number.digits) else { return nil }
        return isWritten || text.names(socialSecurityNames, before: number.start, within: 40) ? number.end(groups) : nil
    }

    /// No area 000, 666 or 9xx, no group 00, no serial 0000 (20 CFR 422.103 and the agency's notes on randomization).
    private static func isGiven(_ digits: [UInt8]) -> Bool {
        let value = digits.prefix(9).reduce(0) { $0 * 10 + Int($1) }
        let area = value / 1_000_000
        return area != 0 && area != 666 && area < 900 && value / 10_000 % 100 != 0 && value % 10_000 != 0
    }

    // MARK: - Germany

    private static let taxNames = [
        "steuer", "steueridentifikationsnummer", "idnr", "identifikationsnummer", "tin", "tax", "idno",
    ].allBytes

    /// Eleven digits, the last by ISO/IEC 7064 MOD 11,10; of the first ten one digit is there twice or three times (§139b AO).
    private static func taxEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let isSpaced = number.begin(with: [2, 3, 3, 3], separatedBy: " ")
        guard isSpaced || number.begin(with: [11], separatedBy: "") else { return nil }
        let groups = isSpaced ? 4 : 1
        guard number.canEnd(groups, in: text), number.digits[0] != 0, hasTaxForm(number.digits),
            text.names(taxNames, before: number.start, within: 40)
        else { return nil }
        return number.end(groups)
    }

    private static func hasTaxForm(_ digits: [UInt8]) -> Bool {
        var counts = [Int](repeating: 0, count: 10)
        var product = 10
        for digit in digits.prefix(10) {
            counts[Int(digit)] += 1
            let sum = (Int(digit) + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        let repeated = counts.filter { $0 > 1 }
        return repeated.count == 1 && repeated[0] <= 3 && (11 - product) % 10 == Int(digits[10])
    }

    // MARK: - Netherlands

    private static let citizenNames = ["bsn", "burgerservicenummer", "sofinummer", "sofi", "persoonsnummer"].allBytes

    /// Nine digits whose weighted sum is divisible by eleven (elfproef), where they are named.
    private static func citizenEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let isSpaced =
            number.begin(with: [3, 3, 3], separatedBy: " .-") || number.begin(with: [4, 2, 3], separatedBy: " .-")
        guard isSpaced || number.begin(with: [9], separatedBy: "") else { return nil }
        let groups = isSpaced ? 3 : 1
        guard number.canEnd(groups, in: text) else { return nil }
        var sum = -Int(number.digits[8])
        for place in 0..<8 { sum += (9 - place) * Int(number.digits[place]) }
        guard sum % 11 == 0, text.names(citizenNames, before: number.start, within: 32) else { return nil }
        return number.end(groups)
    }

    // MARK: - France

    /// Sex, year, month, department, commune, order, and a key of two digits: 97 minus the rest modulo 97 (INSEE).
    private static func insuranceEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let shape = [[1, 2, 2, 2, 3, 3, 2], [13, 2], [15]].first { number.begin(with: $0, separatedBy: " ") }
        guard let shape, number.canEnd(shape.count, in: text) else { return nil }
        let digits = number.digits
        let body = digits.prefix(13).reduce(0) { $0 * 10 + Int($1) }
        let month = Int(digits[3]) * 10 + Int(digits[4])
        guard digits[0] == 1 || digits[0] == 2, (1...12).contains(month) || (20...42).contains(month),
            97 - body % 97 == Int(digits[13]) * 10 + Int(digits[14])
        else { return nil }
        return number.end(shape.count)
    }
}
