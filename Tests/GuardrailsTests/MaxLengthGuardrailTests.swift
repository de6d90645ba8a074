// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import Testing

@Suite struct MaxLengthGuardrailTests {
    @Test func countsCharactersAsPeopleDo() async throws {
        let guardrail = MaxLengthGuardrail(characters: 3)
        let fits = try await guardrail.check(GuardrailSubject(.input, "né👩‍👧"))
        #expect(fits == .pass)
        let long = try await guardrail.check(GuardrailSubject(.input, "four"))
        #expect(long == .block(GuardrailFinding("4 characters, of at most 3", category: "max_length")))
    }

    @Test func countsWhatOfAnAnswerCameBefore() async throws {
        let guardrail = MaxLengthGuardrail(characters: 8, action: .replace)
        let verdict = try await guardrail.check(GuardrailSubject(.output, "world", before: "hello "))
        #expect(verdict == .replace("wo", GuardrailFinding("11 characters, of at most 8", category: "max_length")))
    }
}
