// SPDX-License-Identifier: Apache-2.0

/// The number of a passport, which has no form of its own: seven to nine capitals and digits, four digits at least, behind a word
/// that names it.
enum PassportForm {
    private static let names = [
        "passport", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "paspoort", "pass-nr",
    ].allBytes
    private static let initials = Set(names.map { $0[0] })
    private static let joints = [
        "number", "nummer", "num", "no.", "no", "nr.", "nr", "n°", "nº", "numéro", "número", "numero", "is", "ist",
        "est", "es", "è",
        "id", "und", "lautet",
    ].allBytes.sorted { $0.count > $1.count }

    static func range(in text: TextView, at index: Int) -> Range<Int>? {
        guard initials.contains(text[index].lowercased), let name = names.first(where: { text.has($0, at: index) })
        else {
            return nil
        }
        let start = NamedValue.start(in: text, behind: index + name.count, joints: joints)
        let end = text.end(from: start, limit: 10) { $0.isDigit || $0.isUppercase }
        let digits = text.bytes[start..<max(start, end)].count { $0.isDigit }
        guard (7...9).contains(end - start), digits >= 4, !text.isWord(end),
            !(text[end] == UInt8(ascii: "-") && text[end + 1].isAlphanumeric)
        else { return nil }
        return start..<end
    }
}

/// What stands behind a name: `number: 12`, `_no": "12`.
enum NamedValue {
    private static let maximumBytes = 32

    /// Where the value begins behind `index`, which is the end of its name.
    ///
    /// - Parameter joints: words that may stand between, in lower case, longest first.
    static func start(in text: TextView, behind index: Int, joints: [[UInt8]]) -> Int {
        var place = index
        while place < min(text.count, index + maximumBytes) {
            if " \t:=\"'`#_,-|*".utf8.contains(text[place]) {
                place += 1
            } else if text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "\"") {
                place += 2
            } else if let joint = joints.first(where: { text.has($0, at: place) && !text.isWord(place + $0.count) }) {
                place += joint.count
            } else if text[place] == UInt8(ascii: ".") && text[place - 1].isLetter {
                place += 1
            } else {
                break
            }
        }
        return place
    }
}
