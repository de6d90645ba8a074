// SPDX-License-Identifier: Apache-2.0

/// What becomes of a character before words are compared: case, accents, width, styles and look-alikes are taken away.
///
/// A small part of what NFKC and the confusables of UTS #39 do, enough for the Latin letters that rules are written in.
enum ScalarFolding {
    enum Result: Equatable {
        case letters(UInt8, UInt8?)
        case separator
        /// Accents of their own, apostrophes and soft hyphens.
        case nothing
        /// Characters without width.
        case invisible
        /// ASCII in the tags of plane 14, which nothing shows.
        case tag(UInt8)
        /// Turns the direction of what follows.
        case override
    }

    static func folded(_ scalar: UInt32) -> Result {
        if scalar < 0x80 { return ascii(UInt8(scalar)) }
        switch scalar {
        case 0xAD, 0x2019, 0x2BC, 0x300...0x36F, 0x1AB0...0x1AFF, 0x20D0...0x20FF, 0xFE00...0xFE0F: return .nothing
        case 0x200B...0x200D, 0x2060...0x2064, 0xFEFF, 0x180E: return .invisible
        case 0x202D, 0x202E: return .override
        case 0xE0020...0xE007E: return .tag(UInt8(scalar - 0xE0000))
        case 0xFF01...0xFF5E: return ascii(UInt8(scalar - 0xFEE0))
        case 0x1D400...0x1D6A3: return letter(styled: (scalar - 0x1D400) % 52)
        case 0x24B6...0x24E9: return .letters(UInt8(0x61 + (scalar - 0x24B6) % 26), nil)
        default: break
        }
        guard let letters = table[scalar] else { return .separator }
        return .letters(letters.0, letters.1)
    }

    private static func ascii(_ byte: UInt8) -> Result {
        if byte.isAlphanumeric { return .letters(byte.lowercased, nil) }
        return byte == UInt8(ascii: "'") ? .nothing : .separator
    }

    private static func letter(styled index: UInt32) -> Result { .letters(UInt8(0x61 + index % 26), nil) }

    private static let table: [UInt32: (UInt8, UInt8?)] = {
        let rows = """
            aàáâãäåāăąǎÀÁÂÃÄÅĀĂĄаАαΑɑ bвВΒƄЬ cçćĉċčÇĆĈĊČсСϲ dďđĎĐԁ eèéêëēĕėęěÈÉÊËĒĔĖĘĚеЕёЁεΕ fƒ gĝğġģĜĞĠĢɡ hĥħĤĦһнНΗ \
            iìíîïĩīĭįıÌÍÎÏĨĪĬĮİіІїЇιΙ jĵĴјЈ kķĶкКκΚ lĺļľŀłĹĻĽĿŁӏ mмМΜ nñńņňÑŃŅŇΝпη oòóôõöøōŏőÒÓÔÕÖØŌŎŐоОοΟσ pрРρΡ qԛ rŕŗřŔŖŘг \
            sśŝşšŚŜŞŠѕЅ tţťŧŢŤŦтТτΤ uùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲυ vѵν wŵŴԝ xхХχΧ yýÿŷÝŶŸуУΥγ zźżžŹŻŽΖ
            """
        var table: [UInt32: (UInt8, UInt8?)] = [:]
        for row in rows.split(separator: " ") {
            guard let letter = row.utf8.first else { continue }
            for scalar in row.unicodeScalars.dropFirst() { table[scalar.value] = (letter, nil) }
        }
        let pairs: [(String, String)] = [("ßẞ", "ss"), ("æÆ", "ae"), ("œŒ", "oe"), ("þÞ", "th")]
        for (scalars, letters) in pairs {
            let bytes = Array(letters.utf8)
            for scalar in scalars.unicodeScalars { table[scalar.value] = (bytes[0], bytes[1]) }
        }
        return table
    }()
}
