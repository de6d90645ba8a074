// SPDX-License-Identifier: Apache-2.0

/// Goes once over a text. Where a form could begin it reads a bounded number of bytes, so the time is proportional to the text.
struct PersonalDataFinder: TextFinder {
    private let wanted: Set<PersonalDataKind>
    private let wantsNumbers: Bool

    init(_ kinds: Set<PersonalDataKind>) {
        wanted = kinds
        wantsNumbers = !kinds.isDisjoint(with: [.phone, .card, .usSSN, .deTaxID, .frNIR, .nlBSN])
    }

    var contextBytes: Int { 256 }
    var subject: String { "personal data" }
    func placeholder(for kind: PersonalDataKind) -> String { "[\(kind.rawValue)]" }

    func finds(in text: TextView) -> [TextFind<PersonalDataKind>] {
        var found: [TextFind<PersonalDataKind>] = []
        var groups = DigitGroups()
        var index = 0
        while index < text.count {
            let byte = text.bytes[index]
            var find: TextFind<PersonalDataKind>?
            switch Self.starts[Int(byte)] {
            case .none:
                index += 1
                continue
            case .at: find = email(in: text, at: index)
            case .digit where !text.isWordBefore(index):
                find = named(in: text, at: index) ?? number(in: text, at: index, &groups)
            case .sign: find = number(in: text, at: index, &groups)
            case .letter where !text.isWordBefore(index): find = named(in: text, at: index)
            case .colon: find = network(in: text, at: index)
            default: break
            }
            if let find {
                found.appendOver(find)
                index = max(index + 1, find.range.upperBound)
            } else {
                index = Self.next(in: text, after: index)
            }
        }
        return found
    }

    /// The next place where something could begin: inside a word nothing does but an address at its `@`.
    @inline(__always)
    private static func next(in text: TextView, after index: Int) -> Int {
        guard text.bytes[index].isAlphanumeric else { return index + 1 }
        if text[index - 1] == UInt8(ascii: "\\") {
            // Behind an escape of JSON a word begins.
            if text.isEscape(endingAt: index + 1) { return index + 1 }
            if text.isEscape(endingAt: index + 5) { return index + 5 }
        }
        var end = index + 1
        while end < text.count, text.bytes[end].isWord { end += 1 }
        return end
    }

    private func email(in text: TextView, at index: Int) -> TextFind<PersonalDataKind>? {
        guard wanted.contains(.email), let range = EmailForm.range(in: text, at: index) else { return nil }
        return TextFind(.email, range)
    }

    private func network(in text: TextView, at index: Int) -> TextFind<PersonalDataKind>? {
        guard let find = NetworkAddressForm.find(in: text, at: index), wanted.contains(find.kind) else { return nil }
        return find
    }

    /// What begins with a letter or is known by its letters.
    private func named(in text: TextView, at index: Int) -> TextFind<PersonalDataKind>? {
        if let find = network(in: text, at: index) { return find }
        if wanted.contains(.iban), let end = IBANForm.end(in: text, at: index) { return TextFind(.iban, index..<end) }
        if let find = LetteredIDForm.find(in: text, at: index), wanted.contains(find.kind) { return find }
        if wanted.contains(.dateOfBirth), let range = BirthDateForm.range(in: text, at: index) {
            return TextFind(.dateOfBirth, range)
        }
        if wanted.contains(.passport), let range = PassportForm.range(in: text, at: index) {
            return TextFind(.passport, range)
        }
        return nil
    }

    private func number(
        in text: TextView, at index: Int, _ groups: inout DigitGroups
    ) -> TextFind<PersonalDataKind>? {
        guard wantsNumbers, groups.read(text, at: index) else { return nil }
        if wanted.contains(.card), let end = CardForm.end(of: groups, in: text) { return TextFind(.card, index..<end) }
        if let find = NumberedIDForm.find(groups, in: text), wanted.contains(find.kind) { return find }
        if wanted.contains(.phone), let end = PhoneForm.end(of: groups, in: text) {
            return TextFind(.phone, index..<end)
        }
        return nil
    }

    private enum Start: UInt8 { case none, at, digit, sign, letter, colon }

    private static let starts: [Start] = (0...255).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "+"), UInt8(ascii: "("): .sign
        case UInt8(ascii: ":"): .colon
        default: byte.isDigit ? .digit : byte.isLetter ? .letter : .none
        }
    }
}
