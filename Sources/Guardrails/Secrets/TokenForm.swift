// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What is a secret by its own form, wherever it stands.
enum TokenForm {
    /// - Parameter index: where a word begins.
    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        let byte = text[index]
        for form in TokenPrefix.byFirstByte[Int(byte)] {
            if let end = form.end(in: text, at: index) { return TextFind(form.kind, index..<end) }
        }
        switch byte {
        case UInt8(ascii: "e"):
            if let end = jwtEnd(in: text, at: index) { return TextFind(.jwt, index..<end) }
        case UInt8(ascii: "h"):
            if let end = webhookEnd(in: text, at: index) { return TextFind(.slackWebhook, index..<end) }
        case UInt8(ascii: "s"):
            if let end = legacyOpenAIEnd(in: text, at: index) { return TextFind(.openAIKey, index..<end) }
        case UInt8(ascii: "S"), UInt8(ascii: "A"):
            if let end = sendGridEnd(in: text, at: index) { return TextFind(.sendGridKey, index..<end) }
            if let end = twilioEnd(in: text, at: index) { return TextFind(.twilioKey, index..<end) }
        case UInt8(ascii: "M"), UInt8(ascii: "N"), UInt8(ascii: "O"):
            if let end = discordEnd(in: text, at: index) { return TextFind(.discordToken, index..<end) }
        default: break
        }
        return mistralEnd(in: text, at: index).map { TextFind(.mistralKey, index..<$0) }
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool { byte.isWord || byte == UInt8(ascii: "-") }

    private static func has(_ text: TextView, _ word: StaticString, at index: Int) -> Bool {
        word.withUTF8Buffer { word in
            for place in word.indices where text[index + place] != word[place] { return false }
            return true
        }
    }

    // MARK: - Parts with points between

    /// The parts are read where a run of their alphabet begins, so that each byte is read three times at most.
    private static func jwtEnd(in text: TextView, at index: Int) -> Int? {
        guard has(text, "eyJ", at: index), !isBase64URL(text[index - 1]) || text.isEscape(endingAt: index) else {
            return nil
        }
        let header = text.end(from: index) { isBase64URL($0) }
        guard text[header] == UInt8(ascii: ".") else { return nil }
        let body = text.end(from: header + 1) { isBase64URL($0) }
        guard body > header + 8, text[body] == UInt8(ascii: ".") else { return nil }
        let end = text.end(from: body + 1) { isBase64URL($0) }
        guard end > body + 16, let decoded = Base64Text.decoded(text.bytes[index..<header]),
            let value = try? JSONValue(parsing: decoded), value["alg"] != nil
        else { return nil }
        return end
    }

    private static func sendGridEnd(in text: TextView, at index: Int) -> Int? {
        guard has(text, "SG.", at: index) else { return nil }
        let first = text.end(from: index + 3, limit: 65) { isBase64URL($0) }
        guard (16...64).contains(first - index - 3), text[first] == UInt8(ascii: ".") else { return nil }
        let end = text.end(from: first + 1, limit: 65) { isBase64URL($0) }
        return (16...64).contains(end - first - 1) && RandomForm.isVaried(text.bytes[first + 1..<end]) ? end : nil
    }

    /// The first part is the number of an account in base64.
    private static func discordEnd(in text: TextView, at index: Int) -> Int? {
        let account = text.end(from: index, limit: 29) { isBase64URL($0) }
        guard (23...28).contains(account - index), text[account] == UInt8(ascii: ".") else { return nil }
        let time = text.end(from: account + 1, limit: 8) { isBase64URL($0) }
        guard (6...7).contains(time - account - 1), text[time] == UInt8(ascii: ".") else { return nil }
        let end = text.end(from: time + 1, limit: 41) { isBase64URL($0) }
        guard (27...40).contains(end - time - 1), let number = Base64Text.decoded(text.bytes[index..<account]),
            number.allSatisfy(\.isDigit)
        else { return nil }
        return end
    }

    // MARK: - Known by more than a prefix

    private static func webhookEnd(in text: TextView, at index: Int) -> Int? {
        let base: StaticString = "https://hooks.slack.com/services/T"
        guard has(text, base, at: index) else { return nil }
        let start = index + base.utf8CodeUnitCount
        let end = text.end(from: start, limit: 100) { $0.isAlphanumeric || $0 == UInt8(ascii: "/") }
        let parts = text.bytes[start..<end].split(separator: UInt8(ascii: "/"))
        return parts.count == 3 && parts[2].count >= 20 ? end : nil
    }

    /// `sk-`, 20 characters, `T3BlbkFJ` (OpenAI in base64), 20 characters: also with other parts before.
    private static func legacyOpenAIEnd(in text: TextView, at index: Int) -> Int? {
        guard has(text, "sk-", at: index) else { return nil }
        let end = text.end(from: index + 3, limit: 256) { isBase64URL($0) }
        guard end - index >= 40, end - index < 256 else { return nil }
        return (index + 3..<end - 8).contains { has(text, "T3BlbkFJ", at: $0) } ? end : nil
    }

    private static let twilio = [Array("twilio".utf8)]

    /// `AC` or `SK` and 32 hexadecimal digits, in a line that says Twilio in the 160 bytes before.
    private static func twilioEnd(in text: TextView, at index: Int) -> Int? {
        guard has(text, "AC", at: index) || has(text, "SK", at: index) else { return nil }
        let end = text.end(from: index + 2, limit: 33) { TokenPrefix.Alphabet.hexadecimal.has($0) }
        guard end - index == 34, !text.isWord(end) else { return nil }
        return (max(0, index - 160)..<index).contains { text.has(twilio[0], at: $0) } ? end : nil
    }

    private static let mistral = [Array("mistral".utf8)]

    private static func mistralEnd(in text: TextView, at index: Int) -> Int? {
        let end = text.end(from: index, limit: 33) { $0.isAlphanumeric }
        guard end - index == 32, !text.isWord(end), !"-.".utf8.contains(text[end]) || !text.isWord(end + 1) else {
            return nil
        }
        let bytes = text.bytes[index..<end]
        guard bytes.contains(where: \.isDigit), bytes.contains(where: \.isUppercase), RandomForm.isKey(bytes),
            text.names(mistral, before: index, within: 40)
        else { return nil }
        return end
    }
}
