// SPDX-License-Identifier: Apache-2.0

/// Phone numbers: with a country code (ITU-T E.164), in the national forms of North America, the countries that dial a 0 first,
/// Spain and Brazil, and any number that is named as one.
enum PhoneForm {
    static func end(of number: DigitGroups, in text: TextView) -> Int? {
        if number.hasPlus { return internationalEnd(of: number, in: text) }
        guard number.canBegin(in: text), !isBehindPlace(text, number.start) else { return nil }
        // In a row of numbers none is a phone's, unless it is named.
        let isListed = text[number.start - 1] == 0x20 && text[number.start - 2].isDigit
        if !isListed, let end = nationalEnd(of: number, in: text) { return end }
        return namedEnd(of: number, in: text)
    }

    /// `$`, `#` and their like before a number say that it is another one.
    private static func isBehindPlace(_ text: TextView, _ start: Int) -> Bool {
        "$#&%*@".utf8.contains(text[start - 1]) || text[start - 1] == UInt8(ascii: "(") && text.isWordBefore(start - 1)
    }

    // MARK: - International

    /// `+`, and 8 to 15 digits that begin with a code that is in use; eleven in North America.
    private static func internationalEnd(of number: DigitGroups, in text: TextView) -> Int? {
        guard !text.isWordBefore(number.start), number.groups[0].range.lowerBound == number.start + 1,
            isWritten(number.groups.map { $0.separator }), let code = CountryCodes.length(of: number.digits)
        else { return nil }
        return longest(
            of: number, in: text,
            digits: { count in
                code == 1 && number.digits[0] == 1 ? count == 11 && number.digits[1] > 1 : (8...15).contains(count)
            })
    }

    /// One point is that of a decimal number.
    private static func isWritten(_ separators: [UInt8]) -> Bool {
        separators.count { $0 == UInt8(ascii: ".") } != 1 || separators.count > 2
    }

    /// The end of the most groups whose digits suffice, and behind which no word goes on.
    private static func longest(
        of number: DigitGroups, in text: TextView, digits suffice: (Int) -> Bool
    ) -> Int? {
        for count in (1...number.groups.count).reversed()
        where suffice(number.digitCount(count)) && number.canEnd(count, in: text) {
            return number.end(count)
        }
        return nil
    }

    // MARK: - National

    private static func nationalEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let groups = number.groups
        if let end = americanEnd(of: number, in: text) { return end }
        if groups[0].isBracketed { return bracketedEnd(of: number, in: text) }
        if number.digits.starts(with: [0, 0]) { return dialledEnd(of: number, in: text) }
        if number.digits[0] == 0 { return trunkEnd(of: number, in: text) }
        return spanishEnd(of: number, in: text)
    }

    /// `(202) 555-0143`, `202-555-0143`, `1-202-555-0143`: area and exchange begin with 2 to 9.
    private static func americanEnd(of number: DigitGroups, in text: TextView) -> Int? {
        var first = 0
        if number.digits[0] == 1, number.groups[0].range.count == 1 { first = 1 }
        guard number.groups.count >= first + 3, number.groups[first].range.count == 3,
            number.groups[first + 1].range.count == 3, number.groups[first + 2].range.count == 4,
            number.digits[first] > 1, number.digits[first + 3] > 1, number.canEnd(first + 3, in: text)
        else { return nil }
        let separator = number.groups[first + 2].separator
        let isWritten =
            number.groups[first].isBracketed
            ? separator == UInt8(ascii: "-") || separator == 0x20
            : separator != 0x20 && separator == number.groups[first + 1].separator && separator != UInt8(ascii: "/")
        return isWritten ? number.end(first + 3) : nil
    }

    /// 00 is dialled before a country's code: `0049 171 3920045`.
    private static func dialledEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let sizes = number.groups.map(\.range.count)
        guard (2...6).contains(sizes.count), sizes[0] >= 2, !isTable(sizes, number),
            sizes.count(where: { $0 == 1 }) <= 1, !number.isCut,
            number.groups.allSatisfy({ $0.separator != UInt8(ascii: ".") }),
            CountryCodes.length(of: Array(number.digits.dropFirst(2))) != nil
        else { return nil }
        return longest(of: number, in: text) { (11...17).contains($0) }
    }

    /// `(11) 98765-4321`, `(030) 23125 042`: an area of two to five digits, and 9 to 12 in all.
    private static func bracketedEnd(of number: DigitGroups, in text: TextView) -> Int? {
        guard (2...5).contains(number.groups[0].range.count), number.groups.count > 1,
            number.groups[1...].allSatisfy({ !$0.isBracketed })
        else { return nil }
        return longest(of: number, in: text) { (9...12).contains($0) }
    }

    /// A 0, then an area or a mobile network: 9 to 12 digits in two to five groups.
    private static func trunkEnd(of number: DigitGroups, in text: TextView) -> Int? {
        let sizes = number.groups.map(\.range.count)
        guard number.groups.count > 1, (2...6).contains(sizes[0]), !isDate(sizes, number), !isTable(sizes, number)
        else {
            return nil
        }
        if sizes[0] == 2, sizes.prefix(5) == [2, 2, 2, 2, 2] {
            // France and Switzerland; six pairs or more are something else.
            let goesOn = sizes.count > 5 || number.isCut
            return goesOn || !number.canEnd(5, in: text) ? nil : number.end(5)
        }
        for count in (2...min(5, number.groups.count)).reversed()
        where (9...12).contains(number.digitCount(count)) && sizes[..<count].allSatisfy({ $0 > 1 }) {
            guard !sizes[1..<count].allSatisfy({ $0 == 2 }), number.canEnd(count, in: text) else { continue }
            return number.end(count)
        }
        return nil
    }

    /// `02110-1301` is a postal code, `0399 0308 0301` and `01 02 03 04` come from tables.
    private static func isTable(_ sizes: [Int], _ number: DigitGroups) -> Bool {
        if sizes.starts(with: [5, 4]) || sizes.starts(with: [4, 4]) { return true }
        var (place, zeros) = (0, 0)
        for size in sizes {
            if number.digits[place] == 0 { zeros += 1 }
            place += size
        }
        return sizes.count > 2 && zeros == sizes.count
    }

    private static func isDate(_ sizes: [Int], _ number: DigitGroups) -> Bool {
        guard sizes.count >= 3, sizes[0] <= 2, sizes[1] <= 2, sizes[2] == 4 else { return false }
        let second = number.digits[sizes[0]..<sizes[0] + sizes[1]].reduce(0) { $0 * 10 + Int($1) }
        return (1...31).contains(second) && [1, 2].contains(number.digits[sizes[0] + sizes[1]])
    }

    /// `612 34 56 78`; numbers in threes could be amounts.
    private static func spanishEnd(of number: DigitGroups, in text: TextView) -> Int? {
        guard [6, 7, 9].contains(number.digits[0]), number.begin(with: [3, 2, 2, 2], separatedBy: " -"),
            number.groups.count == 4, !number.isCut, number.canEnd(4, in: text)
        else { return nil }
        return number.end(4)
    }

    // MARK: - Named

    private static let nouns = [
        "phone", "telephone", "tel", "mobile", "mobil", "cell", "cellphone", "fax", "whatsapp", "sms", "handy",
        "handynummer",
        "telefon", "telefonnummer", "mobilnummer", "rückruf", "téléphone", "tél", "portable", "teléfono", "telefono",
        "móvil",
        "movil", "celular", "cellulare", "telefone", "telemóvel", "telefoon", "telefoonnummer", "mobiel", "gsm",
        "msisdn",
    ].allBytes

    /// In a few groups, of which one at most is a single digit; points stand everywhere or nowhere, a slash once.
    private static func isWritten(_ groups: [DigitGroups.Group]) -> Bool {
        let points = groups.count { $0.separator == UInt8(ascii: ".") }
        return groups.count <= 6 && groups.count { $0.range.count == 1 } <= 1
            && (points == 0 || points == groups.count - 1 && points > 1)
            && groups.count { $0.separator == UInt8(ascii: "/") } <= 1
    }

    private static let verbs = [
        "call", "ring", "dial", "text", "rufen", "rufe", "appelez", "appelle", "llámame", "bel",
    ].allBytes

    private static func namedEnd(of number: DigitGroups, in text: TextView) -> Int? {
        guard isWritten(number.groups) else { return nil }
        let isNamed = text.names(nouns, before: number.start, within: 24)
        guard isNamed || text.names(verbs, before: number.start, within: 14) else { return nil }
        return longest(of: number, in: text) { (isNamed ? 7...15 : 9...12).contains($0) }
    }
}
