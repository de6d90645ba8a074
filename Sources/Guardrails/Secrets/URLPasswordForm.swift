// SPDX-License-Identifier: Apache-2.0

/// The password in the authority of a URL (RFC 3986 §3.2.1).
enum URLPasswordForm {
    /// Passwords of manuals, and words for a password.
    private static let examples = Set(
        [
            "password", "passwd", "pass", "pwd", "secret", "pw", "token", "passwort", "user", "port", "xxx", "xxxx",
            "changeme",
        ].allBytes)

    /// - Parameter index: the place of the colon before `//`.
    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        guard text[index + 1] == UInt8(ascii: "/"), text[index + 2] == UInt8(ascii: "/"), text[index - 1].isAlphanumeric
        else {
            return nil
        }
        let start = index + 3
        let end = text.end(from: start, limit: 512) { !$0.isSpace && !"/?#\"<>`\\".utf8.contains($0) }
        let authority = text.bytes[start..<end]
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
            let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":")), at > colon + 2
        else { return nil }
        let password = text.bytes[colon + 1..<at]
        if let known = TokenForm.find(in: text, at: colon + 1), known.range.upperBound == at { return known }
        guard
            !"$<{[%*".utf8.contains(password[colon + 1])
                || password.count > 24 && password[colon + 1] == UInt8(ascii: "%"),
            !examples.contains(password.map(\.lowercased))
        else { return nil }
        return TextFind(.urlPassword, colon + 1..<at)
    }
}
