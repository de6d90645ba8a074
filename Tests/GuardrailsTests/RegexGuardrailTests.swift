// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ECMARegex
import Guardrails
import Testing

@Suite struct RegexGuardrailTests {
    private func verdict(_ guardrail: RegexGuardrail, _ text: String, before: String = "") async throws
        -> GuardrailVerdict
    {
        try await guardrail.check(GuardrailSubject(.output, text, before: before))
    }

    @Test func blocksWhatMustNotMatch() async throws {
        let guardrail = try RegexGuardrail(pattern: #"(?i:project\s+x)\b"#)
        let found = try await verdict(guardrail, "About Project  X and project x.")
        #expect(found == .block(GuardrailFinding("2 matches of a pattern that must not match", category: "regex")))
        let passed = try await verdict(guardrail, "About project xy.")
        #expect(passed == .pass)
    }

    @Test func replacesEachMatch() async throws {
        let guardrail = try RegexGuardrail(pattern: #"\bKD-\d+\b"#, action: .replace, replacement: "[customer]")
        let result = try await verdict(guardrail, "KD-1, KD-22 é KD-333.")
        guard case .replace(let text, _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(text == "[customer], [customer] é [customer].")
    }

    @Test func keepsJSONValidWhenItReplaces() async throws {
        let guardrail = try RegexGuardrail(pattern: #"\d{6}"#, action: .replace, replacement: "[n]")
        guard case .replace(let text, _) = try await verdict(guardrail, #"{"a":123456,"b":"x123456"}"#) else {
            Issue.record("passed")
            return
        }
        #expect(text == #"{"a":"[n]","b":"x[n]"}"#)
    }

    /// A replacement that matches again, and a match of nothing, would let pass what must not.
    @Test(arguments: [("a", "aa"), ("x*", "-")]) func blocksWhatCannotBeReplaced(pattern: String, replacement: String)
        async throws
    {
        let guardrail = try RegexGuardrail(pattern: pattern, action: .replace, replacement: replacement)
        guard case .block(let finding) = try await verdict(guardrail, "banana") else {
            Issue.record("passed")
            return
        }
        #expect(finding.reason.hasSuffix("which cannot be replaced"))
    }

    @Test func asksForAMatchOfTheWhole() async throws {
        let guardrail = try RegexGuardrail(pattern: "^(yes|no)$", must: .match, action: .flag)
        #expect(!guardrail.judgesSentences)
        let passed = try await verdict(guardrail, "yes")
        #expect(passed == .pass)
        let flagged = try await verdict(guardrail, "yes, sir")
        #expect(
            flagged
                == .flag(GuardrailFinding("the text does not match the pattern that it must match", category: "regex")))
    }

    @Test func findsAMatchThatBeganInTheSentenceBefore() async throws {
        let guardrail = try RegexGuardrail(pattern: #"top\.\s+secret"#, action: .replace, replacement: "-")
        #expect(guardrail.judgesSentences)
        let found = try await verdict(guardrail, " secret plan", before: "It is top.")
        guard case .replace(let text, _) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(text == "- plan")
        let old = try await verdict(guardrail, "Nothing.", before: "top. secret ")
        #expect(old == .pass)
    }

    /// Back-references make the search exponential; the engine gives up, and that is no verdict.
    @Test func failsWhenTheSearchIsGivenUp() async throws {
        let guardrail = try RegexGuardrail(pattern: #"^(?:(a+)+)+\1b$"#)
        let text = String(repeating: "a", count: 5000)
        await #expect(throws: PatternGuardrailError.tooManySteps(bytes: 5000)) {
            try await guardrail.check(GuardrailSubject(.output, text))
        }
    }

    @Test func refusesAMalformedPattern() {
        #expect(throws: ECMARegexError.self) { try RegexGuardrail(pattern: "(") }
    }
}
