// SPDX-License-Identifier: Apache-2.0

/// Credentials behind the name of a scheme, as in the header `Authorization` (RFC 6750 §2.1, RFC 7617 §2).
enum BearerForm {
    private static let bearer = Array("bearer ".utf8)
    private static let basic = Array("basic ".utf8)

    /// - Parameter index: where the scheme's name begins.
    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        if text.has(bearer, at: index) { return bearerFind(in: text, at: index + bearer.count) }
        if text.has(basic, at: index) { return basicFind(in: text, at: index + basic.count) }
        return nil
    }

    private static func bearerFind(in text: TextView, at start: Int) -> TextFind<SecretKind>? {
        if let known = TokenForm.find(in: text, at: start) { return known }
        let end = text.end(from: start, limit: 4096) {
            $0.isBase64 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "~")
        }
        guard RandomForm.isKey(text.bytes[start..<end]) else { return nil }
        return TextFind(.bearerToken, start..<text.end(from: end, limit: 2) { $0 == UInt8(ascii: "=") })
    }

    private static func basicFind(in text: TextView, at start: Int) -> TextFind<SecretKind>? {
        let end = text.end(from: start, limit: 512) { $0.isBase64 }
        guard end - start >= 8, let pair = Base64Text.decoded(text.bytes[start..<end]),
            pair.contains(UInt8(ascii: ":")),
            pair.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        return TextFind(.basicAuth, start..<text.end(from: end, limit: 2) { $0 == UInt8(ascii: "=") })
    }
}
