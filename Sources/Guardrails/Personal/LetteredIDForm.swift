// SPDX-License-Identifier: Apache-2.0

/// Numbers by which states know people, where letters are part of them.
enum LetteredIDForm {
    static func find(in text: TextView, at index: Int) -> TextFind<PersonalDataKind>? {
        guard !text.isWordBefore(index), !("-./".utf8.contains(text[index - 1]) && text[index - 2].isAlphanumeric)
        else {
            return nil
        }
        if let end = spanishEnd(in: text, at: index) { return TextFind(.esDNI, index..<end) }
        if let end = britishEnd(in: text, at: index) { return TextFind(.ukNINO, index..<end) }
        if let end = italianEnd(in: text, at: index) { return TextFind(.itFiscalCode, index..<end) }
        return nil
    }

    private static func canEnd(_ text: TextView, _ end: Int) -> Bool {
        !text.isWord(end) && !("-./".utf8.contains(text[end]) && text[end + 1].isAlphanumeric)
    }

    // MARK: - Spain

    private static let spanishLetters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)

    /// Eight digits, or X, Y or Z and seven, and the letter that the number modulo 23 gives (Real Decreto 1553/2005).
    private static func spanishEnd(in text: TextView, at index: Int) -> Int? {
        var value = 0
        var place = index
        if (UInt8(ascii: "X")...UInt8(ascii: "Z")).contains(text[index] & 0xDF), text[index].isLetter {
            value = Int(text[index] & 0xDF) - 0x58
            place += 1
            if text[place] == UInt8(ascii: "-") { place += 1 }
        }
        let isForeign = place > index
        let end = text.end(from: place, limit: 9) { $0.isDigit }
        guard end - place == (isForeign ? 7 : 8) else { return nil }
        for byte in text.bytes[place..<end] { value = value * 10 + Int(byte - 0x30) }
        place = text[end] == UInt8(ascii: "-") || (text[end] == 0x20 && !isForeign) ? end + 1 : end
        guard text[place].isLetter, text[place] & 0xDF == spanishLetters[value % 23], canEnd(text, place + 1) else {
            return nil
        }
        // A word of one letter behind eight digits may be any.
        return text[end] == 0x20 && !text.names(spanishNames, before: index, within: 32) ? nil : place + 1
    }

    private static let spanishNames = ["dni", "nif", "nie", "documento", "identidad"].allBytes

    // MARK: - United Kingdom

    private static let britishNames = ["nino", "national", "insurance", "ni"].allBytes
    private static let unusedPrefixes = ["bg", "gb", "kn", "nk", "nt", "tn", "zz"].allBytes

    /// Two letters, six digits, A to D (HMRC, NIM39110); in pairs, or where it is named.
    private static func britishEnd(in text: TextView, at index: Int) -> Int? {
        guard text[index].isLetter, text[index + 1].isLetter, !"dfiquv".utf8.contains(text[index].lowercased),
            !"dfiquvo".utf8.contains(text[index + 1].lowercased),
            !unusedPrefixes.contains(where: { text.has($0, at: index) })
        else { return nil }
        var place = index + 2
        var spaces = 0
        for _ in 0..<3 {
            if text[place] == 0x20 || text[place] == UInt8(ascii: "-") { (place, spaces) = (place + 1, spaces + 1) }
            guard text[place].isDigit, text[place + 1].isDigit else { return nil }
            place += 2
        }
        if text[place] == 0x20 || text[place] == UInt8(ascii: "-") { (place, spaces) = (place + 1, spaces + 1) }
        guard (UInt8(ascii: "a")...UInt8(ascii: "d")).contains(text[place].lowercased), canEnd(text, place + 1) else {
            return nil
        }
        let isNamed = text.names(britishNames, before: index, within: 32)
        return (spaces == 4 && text[index].isUppercase) || isNamed ? place + 1 : nil
    }

    // MARK: - Italy

    /// Values of characters at odd places, 0–9 and A–Z (Decreto ministeriale 23 dicembre 1976).
    private static let oddValues = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
        22, 25, 24, 23,
    ]
    private static let months = Array("ABCDEHLMPRST".utf8)
    private static let digitLetters = Array("LMNPQRSTUV".utf8)

    private static func italianEnd(in text: TextView, at index: Int) -> Int? {
        guard text[index + 5].isLetter, text[index + 15].isLetter else { return nil }
        var sum = 0
        for place in 0..<15 {
            let byte = text[index + place] & (text[index + place].isLetter ? 0xDF : 0xFF)
            guard isItalian(byte, at: place) else { return nil }
            let value = byte.isDigit ? Int(byte - 0x30) : Int(byte - 0x41)
            sum += place % 2 == 0 ? oddValues[byte.isDigit ? value : value + 10] : value
        }
        let end = index + 16
        return Int(text[index + 15] & 0xDF) - 0x41 == sum % 26 && canEnd(text, end) ? end : nil
    }

    /// `LLLLLLDDMDDLDDD`, where a letter may stand for a digit when two people would have the same code.
    private static func isItalian(_ byte: UInt8, at place: Int) -> Bool {
        switch place {
        case 0..<6, 11: byte.isUppercase
        case 8: months.contains(byte)
        default: byte.isDigit || digitLetters.contains(byte)
        }
    }
}
