// SPDX-License-Identifier: Apache-2.0

/// Tokens of Telegram bots: the number of the bot, `:AA`, 33 characters of base64url.
enum TelegramForm {
    /// - Parameter index: the place of the colon.
    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        guard text[index + 1] == UInt8(ascii: "A"), text[index + 2] == UInt8(ascii: "A") else { return nil }
        var start = index
        while index - start < 11, text[start - 1].isDigit { start -= 1 }
        let end = text.end(from: index + 1, limit: 36) { $0.isWord || $0 == UInt8(ascii: "-") }
        guard (8...10).contains(index - start), end - index == 36, RandomForm.isVaried(text.bytes[index + 3..<end])
        else {
            return nil
        }
        return TextFind(.telegramToken, start..<end)
    }
}
