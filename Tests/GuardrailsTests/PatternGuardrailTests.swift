// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import JSONCore
import Testing

/// What the guardrails for personal data and secrets do with their finds.
@Suite struct PatternGuardrailTests {
    private func replaced(
        _ guardrail: some Guardrail, _ text: String, _ stage: GuardrailStage = .output, before: String = ""
    )
        async throws -> String?
    {
        guard case .replace(let text, _) = try await guardrail.check(GuardrailSubject(stage, text, before: before))
        else { return nil }
        return text
    }

    @Test func namesKindsAndCountsAndQuotesNothing() async throws {
        let text = "a@example.com, b@example.com, 4111 1111 1111 1111"
        let verdict = try await PersonalDataGuardrail(action: .block).check(GuardrailSubject(.input, text))
        #expect(verdict == .block(GuardrailFinding("personal data: email (2), card", category: "email")))
        let flagged = try await SecretsGuardrail(action: .flag).check(GuardrailSubject(.input, "password=Tr0ub4dor&3x"))
        #expect(flagged == .flag(GuardrailFinding("secrets: password", category: "password")))
    }

    @Test func putsKindsInPlaceOfFinds() async throws {
        let personal = try await replaced(PersonalDataGuardrail(), "Write to a@example.com or ring +44 20 7946 0958.")
        #expect(personal == "Write to [email] or ring [phone].")
        let secret = try await replaced(SecretsGuardrail(), "use ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5 now")
        #expect(secret == "use [secret:github_token] now")
    }

    @Test func looksForChosenKindsOnly() async throws {
        let text = "a@example.com +44 20 7946 0958"
        let phones = try await replaced(PersonalDataGuardrail(kinds: [.phone]), text)
        #expect(phones == "a@example.com [phone]")
        let none = try await replaced(PersonalDataGuardrail(kinds: []), text)
        #expect(none == nil)
    }

    @Test(arguments: [
        (#"{"pan":4111111111111111,"n":[1,4012888888881881]}"#, #"{"pan":"[card]","n":[1,"[card]"]}"#),
        (#"{"to":"hi\nann@example.com\n","x":-1.5}"#, #"{"to":"hi\n[email]\n","x":-1.5}"#),
        (#"{"to":"\u003cann@example.com\u003e"}"#, #"{"to":"\u003c[email]\u003e"}"#),
        (#"[{"a@example.com":true}]"#, #"[{"[email]":true}]"#),
        (#"{"a@example.com":1,"b@example.com":2}"#, #"{"[email 1]":1,"[email 2]":2}"#),
        ("\n {\"phone\": 2025550143}", "\n {\"phone\": \"[phone]\"}"),
    ]) func keepsJSONValid(text: String, expected: String) async throws {
        let result = try await replaced(PersonalDataGuardrail(), text, .toolCall)
        #expect(result == expected)
        #expect(throws: Never.self) { try JSONValue(parsing: expected) }
    }

    @Test func keepsJSONWithSecretsValid() async throws {
        let key = #"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"#
        let result = try await replaced(SecretsGuardrail(), #"{"key":""# + key + #"","password":"x\"9#Lm2vQ7pz"}"#)
        #expect(result == #"{"key":"[secret:private_key]\n","password":"[secret:password]"}"#)
    }

    /// Of a streamed answer sentences are judged with what came before them.
    @Test func knowsWhatASentenceFollows() async throws {
        let phone = try await replaced(PersonalDataGuardrail(), "2125550198 is mine.", before: "Now my phone: ")
        #expect(phone == "[phone] is mine.")
        let unchanged = try await replaced(PersonalDataGuardrail(), "That was all.", before: "a@example.com ")
        #expect(unchanged == nil)
    }

    /// A key in a stream comes line by line; what has been replaced already comes back as `before`.
    @Test func replacesAKeyLineByLine() async throws {
        let guardrail = SecretsGuardrail()
        let lines = [
            "-----BEGIN RSA PRIVATE KEY-----\n", "MIIEpAIBAAKCAQEA1c7f0Xq2\n", "Zm9vYmFyYmF6cXV4MTIzNDU2\n",
            "QUJDREVGR0g=\n",
            "-----END RSA PRIVATE KEY-----\n", "Done.",
        ]
        var shown = ""
        for line in lines {
            let text = try await replaced(guardrail, line, before: shown)
            shown += text ?? line
        }
        #expect(!shown.contains("MII") && !shown.contains("Zm9v") && !shown.contains("QUJD"))
        #expect(shown.hasSuffix("Done."))
    }

    @Test func judgesTextInAnyScript() async throws {
        let japanese = try await replaced(PersonalDataGuardrail(), "番号は4111111111111111です。連絡先はa@example.jpへ")
        #expect(japanese == "番号は[card]です。連絡先は[email]へ")
    }
}
