// SPDX-License-Identifier: Apache-2.0

/// A date behind words that name it as one of birth, in seven languages.
enum BirthDateForm {
    private static let names = [
        "date of birth", "date_of_birth", "dateofbirth", "birth date", "birth_date", "birthdate", "birthday", "born",
        "dob", "d.o.b",
        "geboren", "geb.", "geburtsdatum", "geburtstag", "né", "née", "naissance", "nacido", "nacida", "nacimiento",
        "nato", "nata",
        "nascita", "nascido", "nascida", "nascimento", "geboortedatum",
    ].allBytes.sorted { $0.count > $1.count }
    private static let initials = Set(names.map { $0[0] })
    private static let joints = [
        "on", "am", "the", "is", "was", "el", "le", "il", "em", "op", "ist", "est", "es", "in", "o", "at", "den",
    ].allBytes.sorted { $0.count > $1.count }

    /// The names of months by their first letters, in the order of the year.
    private static let months = [
        ["jan", "ene", "gen"], ["feb", "fév", "fev"], ["mar", "mär", "maa", "mrt"], ["apr", "avr", "abr"],
        ["may", "mai", "mag", "mei"],
        ["jun", "juin", "giu"], ["jul", "juil", "lug"], ["aug", "aoû", "ago"], ["sep", "set"],
        ["oct", "okt", "ott", "out"],
        ["nov"], ["dec", "dez", "déc", "dic"],
    ].flatMap { $0.allBytes }

    static func range(in text: TextView, at index: Int) -> Range<Int>? {
        guard initials.contains(text[index].lowercased),
            let name = names.first(where: { text.has($0, at: index) && !text.isWord(index + $0.count) })
        else { return nil }
        let start = NamedValue.start(in: text, behind: index + name.count, joints: joints)
        guard start < text.count, let end = numericEnd(in: text, at: start) ?? wordedEnd(in: text, at: start) else {
            return nil
        }
        return start..<end
    }

    /// `1987-04-12`, `12.03.1980`, `07/21/90`.
    private static func numericEnd(in text: TextView, at start: Int) -> Int? {
        var place = start
        var parts: [Range<Int>] = []
        while parts.count < 3 {
            if !parts.isEmpty {
                guard "-./".utf8.contains(text[place]) else { return nil }
                place += 1
                if text[place] == 0x20, text[place - 1] == UInt8(ascii: ".") { place += 1 }
            }
            let end = text.end(from: place, limit: 5) { $0.isDigit }
            guard end > place else { return nil }
            parts.append(place..<end)
            place = end
        }
        let sizes = parts.map(\.count)
        let isYearFirst = sizes[0] == 4 && sizes[1] <= 2 && sizes[2] <= 2
        let isYearLast = sizes[0] <= 2 && sizes[1] <= 2 && (sizes[2] == 4 || sizes[2] == 2)
        let small = parts.filter { $0.count <= 2 }.map { value(text, $0) }
        guard isYearFirst || isYearLast, small.prefix(2).allSatisfy({ (1...31).contains($0) }),
            small.prefix(2).contains(where: { $0 <= 12 })
        else { return nil }
        return text[place].isAlphanumeric && text[place].lowercased != UInt8(ascii: "t") ? nil : place
    }

    /// `3. Mai 1972`, `March 3, 1979`, `14 juillet 1989`, `8 de marzo de 1991`.
    private static func wordedEnd(in text: TextView, at start: Int) -> Int? {
        var place = start
        var hasDay = false
        if text[place].isDigit {
            guard let day = dayEnd(in: text, at: place) else { return nil }
            (place, hasDay) = (day, true)
        }
        place = afterJoint(in: text, at: place)
        guard months.contains(where: { text.has($0, at: place) }) else { return nil }
        while text.isWord(place) || text[place] & 0xC0 == 0x80 {
            guard place - start < 32 else { return nil }
            place += 1
        }
        place = afterJoint(in: text, at: place)
        if !hasDay {
            guard let day = dayEnd(in: text, at: place) else { return nil }
            place = afterJoint(in: text, at: day)
        }
        let end = text.end(from: place, limit: 5) { $0.isDigit }
        return end - place == 4 ? end : nil
    }

    private static func dayEnd(in text: TextView, at place: Int) -> Int? {
        let end = text.end(from: place, limit: 3) { $0.isDigit }
        guard (1...2).contains(end - place), (1...31).contains(value(text, place..<end)) else { return nil }
        for suffix in ["st", "nd", "rd", "th", "er", "º", "."] where text.has(suffix.bytes, at: end) {
            return end + suffix.utf8.count
        }
        return end
    }

    private static func afterJoint(in text: TextView, at start: Int) -> Int {
        var place = start
        while place - start < 8 {
            if " .,-".utf8.contains(text[place]) {
                place += 1
            } else if text.has("de".bytes, at: place), !text.isWord(place + 2) {
                place += 2
            } else {
                break
            }
        }
        return place
    }

    private static func value(_ text: TextView, _ digits: Range<Int>) -> Int {
        text.bytes[digits].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
