// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import JSONCore
import JSONSchemaCore
import Testing

@Suite struct JSONOnlyGuardrailTests {
    private static let schema =
        #"{"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"integer"}}}}"#

    @Test(arguments: ["{}", " [1, 2] \n", "\"text\"", "-1.5e3", "null"]) func letsJSONPass(text: String) async throws {
        let verdict = try await JSONOnlyGuardrail().check(GuardrailSubject(.output, text))
        #expect(verdict == .pass)
    }

    @Test(arguments: [
        ("", "it ends too early at byte 0"), ("Sure: {}", "a byte that cannot stand there at byte 0"),
        ("{} Done", "text behind the value at byte 3"),
        (#"{"secretname":1,"secretname":2}"#, "a key that is there twice"), ("{\"a\":", "it ends too early at byte 5"),
        ("```json\n{}\n```", "a byte that cannot stand there at byte 0"),
    ]) func saysWhereItIsNoJSON(text: String, words: String) async throws {
        let verdict = try await JSONOnlyGuardrail().check(GuardrailSubject(.output, text))
        guard case .block(let finding) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(finding.reason.hasPrefix("the text is not one JSON value: \(words)"), "\(finding.reason)")
        #expect(!finding.reason.contains("secretname"))
    }

    @Test func saysWhereTheSchemaFailsWithoutAWordOfTheText() async throws {
        let schema = try JSONSchema(JSONValue(parsing: Self.schema))
        let guardrail = JSONOnlyGuardrail(schema: schema, action: .flag)
        let passed = try await guardrail.check(GuardrailSubject(.output, #"{"items":[1]}"#))
        #expect(passed == .pass)
        let verdict = try await guardrail.check(GuardrailSubject(.output, #"{"items":[1,"hidden"]}"#))
        #expect(verdict.finding?.category == "schema")
        let reason = verdict.finding?.reason ?? ""
        #expect(reason.contains("/items/1 fails the keyword \"type\""), "\(reason)")
        #expect(!reason.contains("hidden"))
    }

    @Test func hidesNamesThatTheSchemaDoesNotKnow() async throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"additionalProperties":{"type":"integer"}}"#))
        let verdict = try await JSONOnlyGuardrail(schema: schema).check(
            GuardrailSubject(.output, #"{"privatename":"x"}"#))
        let reason = verdict.finding?.reason ?? ""
        #expect(reason.contains("/* fails"), "\(reason)")
        #expect(!reason.contains("privatename"))
    }

    @Test func judgesTheWholeAnswer() async throws {
        let guardrail = JSONOnlyGuardrail(action: .replace)
        #expect(!guardrail.judgesSentences)
        let passed = try await guardrail.check(GuardrailSubject(.output, "1]", before: "[0,"))
        #expect(passed == .pass)
        let replaced = try await guardrail.check(GuardrailSubject(.output, "no"))
        guard case .replace("null", _) = replaced else {
            Issue.record("\(replaced)")
            return
        }
    }
}

@Suite struct FinalAnswerTests {
    /// "Let me look that up." beside a call of a tool is not the answer.
    @Test func whatOnlyAnAnswerMustBeIsNotAskedOfTextBesideACall() async throws {
        let subject = GuardrailSubject(.output, "Let me look.", isFinal: false)
        #expect(try await JSONOnlyGuardrail().check(subject) == .pass)
        #expect(try await RegexGuardrail(pattern: "^SQL:", must: .match).check(subject) == .pass)
        let answer = GuardrailSubject(.output, "Let me look.")
        #expect(try await JSONOnlyGuardrail().check(answer) != .pass)
        #expect(try await RegexGuardrail(pattern: "^SQL:", must: .match).check(answer) != .pass)
    }
}
