// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import Testing

@Suite struct SecretRedactorTests {
    private func redactor(_ secrets: String...) -> SecretRedactor {
        let redactor = SecretRedactor()
        for secret in secrets { redactor.note(secret) }
        return redactor
    }

    @Test func replacesEachFindAndLeavesTheRest() {
        let secrets = redactor("hunter22")
        #expect(secrets.redact("a hunter22 b hunter22c") == "a [redacted] b [redacted]c")
        #expect(secrets.redact("hunter2, é 🙂") == "hunter2, é 🙂")
        #expect(secrets.redact("") == "")
    }

    @Test(arguments: ["", "a", "12345"]) func doesNotNoteWhatIsShort(secret: String) {
        #expect(redactor(secret).redact("12345 a") == "12345 a")
    }

    @Test func joinsSecretsThatOverlap() {
        let secrets = redactor("abcdefgh", "efghijkl", "abcdef")
        #expect(secrets.redact("<abcdefghijkl>") == "<[redacted]>")
        #expect(secrets.redact("<abcdefg>") == "<[redacted]g>")
    }

    @Test func findsASecretJSONEscaped() throws {
        let secret = "pass\"wo\\rd/é\n1"
        let text = try JSONValue.object(["k": .string("x\(secret)y")]).serialized()
        #expect(redactor(secret).redact(text) == #"{"k":"x[redacted]y"}"#)
        #expect(redactor("pa/ss/word").redact(#""pa\/ss\/word""#) == #""[redacted]""#)
    }

    @Test func findsASecretPercentEncodedAndInHexadecimal() {
        let secrets = redactor("p@ss wörd/")
        for form in ["p%40ss%20w%C3%B6rd%2F", "p%40ss%20w%c3%b6rd%2f", "p%40ss+w%C3%B6rd%2F"] {
            #expect(secrets.redact("?k=\(form)&") == "?k=[redacted]&")
        }
        let hex = Data("p@ss wörd/".utf8).map { String(format: "%02x", $0) }.joined()
        #expect(secrets.redact("(\(hex)) (\(hex.uppercased()))") == "([redacted]) ([redacted])")
    }

    /// In base64 the characters of a secret depend on how many bytes stand before it.
    @Test(arguments: ["", "u", "us", "use", "user:"], ["", "!", "!!"])
    func findsASecretInsideBase64(before: String, after: String) {
        let secret = "sk-live-?>~~~0123456789"
        let encoded = Data("\(before)\(secret)\(after)".utf8).base64EncodedString()
        for text in [encoded, encoded.replacing("+", with: "-").replacing("/", with: "_")] {
            let shown = redactor(secret).redact("Basic \(text);")
            let rest = shown.replacing("[redacted]", with: "").dropFirst(6).dropLast().filter { $0 != "=" }
            #expect(shown.contains("[redacted]"))
            // What is left encodes the neighbours, and one character at either end.
            #expect(rest.count <= (before.utf8.count * 4 + 2) / 3 + (after.utf8.count * 4 + 2) / 3 + 2)
        }
    }

    @Test func findsLinesOfAKeyFileAndAValueWithoutItsLineFeed() {
        let secrets = redactor("line-one-of-the-key\nline-two-of-the-key\nshort\n", "token-12\n")
        #expect(secrets.redact("at line-two-of-the-key: short") == "at [redacted]: short")
        #expect(secrets.redact("token-12") == "[redacted]")
    }

    @Test func redactsValuesNamesAndDigits() {
        let secrets = redactor("4711471147", "nameOfNote")
        let value: JSONValue = ["nameOfNote": [4_711_471_147, 1.5, "x4711471147"], "[redacted]": .null]
        #expect(secrets.redact(value) == ["[redacted]": ["[redacted]", 1.5, "x[redacted]"], "[redacted]'": .null])
    }

    @Test func isFastOnAMegabyte() {
        let secrets = redactor("eeeeeeeeeeeeeeeef", "a secret of some length")
        let text = String(repeating: "the eeeee bee sees the trees ", count: 40_000)
        let clock = ContinuousClock()
        let time = clock.measure { #expect(secrets.redact(text) == text) }
        #expect(time < .seconds(20))
    }
}
