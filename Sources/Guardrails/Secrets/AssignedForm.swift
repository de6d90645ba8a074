// SPDX-License-Identifier: Apache-2.0

/// What is assigned to a name that says secret: `DB_PASSWORD=…`, `"apiKey": "…"`, `Passwort: …`.
enum AssignedForm {
    private enum Meaning { case password, key, awsSecret, azureKey, authorization }

    /// Ends of names, in lower case without `_`, `-` and blanks.
    private static let endings: [(word: [UInt8], meaning: Meaning)] = {
        let words: [(Meaning, String)] = [
            (
                .password,
                "password passwd pwd passphrase passwort kennwort motdepasse contraseña contrasena senha wachtwoord parola"
            ),
            (.awsSecret, "secretaccesskey awssecretkey awssecret"),
            (.azureKey, "accountkey"),
            (.authorization, "authorization"),
            (
                .key,
                "apikey secret secretkey token accesskey privatekey encryptionkey signingkey credential credentials authkey"
            ),
        ]
        return words.flatMap { meaning, words in words.split(separator: " ").map { (Array($0.utf8), meaning) } }
    }()

    private static let lastLetters = Set(endings.map { $0.word[$0.word.count - 1] })

    /// - Parameter index: the place of `:` or `=`.
    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        guard let meaning = meaning(in: text, before: index) else { return nil }
        let start = valueStart(in: text, behind: index)
        guard start < text.count else { return nil }
        if meaning == .authorization { return BearerForm.find(in: text, at: start) }
        if !text.isWordBefore(start), let known = TokenForm.find(in: text, at: start) { return known }
        let range = start..<valueEnd(in: text, from: start)
        let bytes = text.bytes[range]
        switch meaning {
        case .awsSecret where bytes.count == 40 && bytes.allSatisfy(\.isBase64): return TextFind(.awsSecretKey, range)
        case .azureKey:
            return bytes.count >= 64 && bytes.dropLast(2).allSatisfy(\.isBase64)
                ? TextFind(.azureStorageKey, range) : nil
        case .password: return isCode(text, range) || !RandomForm.isPassword(bytes) ? nil : TextFind(.password, range)
        default: return isCode(text, range) || !RandomForm.isKey(bytes) ? nil : TextFind(.apiKey, range)
        }
    }

    /// What the name before `index` says, of which the last 24 letters are read.
    private static func meaning(in text: TextView, before index: Int) -> Meaning? {
        var place = index
        while index - place < 4,
            text[place - 1].isQuote || text[place - 1].isBlank || text[place - 1] == UInt8(ascii: "\\")
        {
            place -= 1
        }
        guard lastLetters.contains(text[place - 1].lowercased) else { return nil }
        var name: [UInt8] = []
        while name.count < 24, index - place < 40 {
            let byte = text[place - 1]
            if byte.isAlphanumeric || byte >= 0x80 {
                name.append(byte.lowercased)
            } else if !"_- ".utf8.contains(byte) {
                break
            }
            place -= 1
        }
        name.reverse()
        return endings.filter { name.suffix($0.word.count).elementsEqual($0.word) }.max {
            $0.word.count < $1.word.count
        }?.meaning
    }

    private static func valueStart(in text: TextView, behind index: Int) -> Int {
        var place = index + 1
        while place - index < 8, text[place].isBlank || text[place].isQuote || "=>".utf8.contains(text[place]) {
            place += 1
        }
        if text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "\"") { place += 2 }
        return place
    }

    /// Behind a quote up to the next one; otherwise up to white space or what ends an assignment.
    private static func valueEnd(in text: TextView, from start: Int) -> Int {
        let quote = text[start - 1]
        var end = start
        while end < text.count, end - start < 512 {
            let byte = text[end]
            if byte.isSpace || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") { break }
            if quote.isQuote ? byte == quote : endsAssignment(text, end) { break }
            if byte == UInt8(ascii: "\\") {
                if text[end + 1] == UInt8(ascii: "\"") && text[start - 2] == UInt8(ascii: "\\") { break }
                if !quote.isQuote || text[end + 1].isLetter { break }
                end += 1
            }
            end += 1
        }
        return min(end, text.count)
    }

    /// `,`, `;`, `'`, and `&` where the next field of a form follows.
    private static func endsAssignment(_ text: TextView, _ index: Int) -> Bool {
        guard text[index] == UInt8(ascii: "&") else { return ",;'".utf8.contains(text[index]) }
        let name = text.end(from: index + 1, limit: 40) { $0.isWord || $0 == UInt8(ascii: "-") }
        return text[name] == UInt8(ascii: "=")
    }

    /// An expression, a path or a call: `config.password`, `request.form["x"]`, `hash(p)`.
    private static func isCode(_ text: TextView, _ range: Range<Int>) -> Bool {
        if text[range.lowerBound - 1].isQuote { return false }
        return text.bytes[range].contains { "()[]{}<>".utf8.contains($0) }
    }
}
