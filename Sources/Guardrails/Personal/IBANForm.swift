// SPDX-License-Identifier: Apache-2.0

/// International bank account numbers (ISO 13616), whole or in groups of four.
enum IBANForm {
    /// Characters by country, from the registry of SWIFT, release 99.
    private static let lengths: [UInt16: Int] = {
        let registry = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 \
            FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 \
            LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 \
            SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
            """
        return Dictionary(
            uniqueKeysWithValues: registry.split(separator: " ").map { entry in
                let bytes = Array(entry.utf8)
                return (country(bytes[0], bytes[1]), Int(entry.dropFirst(2)) ?? 0)
            })
    }()

    private static func country(_ first: UInt8, _ second: UInt8) -> UInt16 {
        UInt16(first & 0xDF) << 8 | UInt16(second & 0xDF)
    }

    static func end(in text: TextView, at index: Int) -> Int? {
        guard text[index].isLetter, text[index + 1].isLetter, text[index + 2].isDigit, text[index + 3].isDigit,
            let length = lengths[country(text[index], text[index + 1])], !text.isWordBefore(index)
        else { return nil }
        var remainder = 0
        // The first four characters count last.
        guard let end = read(length, of: text, at: index, { if $0 >= 4 { add($1, to: &remainder) } }) else {
            return nil
        }
        for place in 0..<4 { add(text[index + place], to: &remainder) }
        return remainder == 1 && !text.isWord(end) ? end : nil
    }

    /// Reads `length` characters, between groups of four one space or hyphen.
    private static func read(_ length: Int, of text: TextView, at index: Int, _ took: (Int, UInt8) -> Void) -> Int? {
        var place = index
        for count in 0..<length {
            if count > 0, count % 4 == 0 {
                if text[place] == 0x20 || text[place] == UInt8(ascii: "-") {
                    place += 1
                } else if text[place] == 0xC2, text[place + 1] == 0xA0 {
                    place += 2
                }
            }
            guard text[place].isAlphanumeric else { return nil }
            took(count, text[place])
            place += 1
        }
        return place
    }

    /// ISO/IEC 7064, MOD 97-10: letters are two digits, `A` is 10.
    private static func add(_ byte: UInt8, to remainder: inout Int) {
        remainder =
            byte.isDigit
            ? (remainder * 10 + Int(byte - 0x30)) % 97 : (remainder * 100 + Int(byte.lowercased - 0x61) + 10) % 97
    }
}
