// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import Guardrails

/// What 24 MB of documentation that no list was made from had in it, and the first version took for a find.
@Suite struct RealTextTests {
    @Test(arguments: [
        "x 0.026228801369651 y", "0.0 100000000.0", "Boston, MA 02110-1301 USA", "0399 0308 0301 # table",
        "0069 0307 0303",
        "05 04 03 02 01", "00 04 05 06 07 08",
        "00 68 00 71 00 77 00 68", "0 0 1 1 1 0 1 0 0 1 1 1 1 1 0 1 0", "0 0-22.9-15.7 1.6-15.4 0 0",
        "deps: update to V8 4.6.85.31 (someone)",
        "getty@tty1.service", "224.0.0.114", "ffff:ffff:ffff:ffff::", "npm 1.5.4.1", "x +6073641856.9", "i +4294967296",
    ]) func leavesNumbersAlone(text: String) {
        let found = PersonalDataGuardrail().finds(in: text).map(\.kind)
        #expect(found.isEmpty)
    }

    @Test(arguments: [
        "The dialog closed without telling the user.\n\nYou must restart the shell.",
        "http: send all headers; copy every token to http agents",
        "It did not tell the user why. You must set it.",
        "* net: send all keys\n* fix files ([abc](https://example.com/1))",
    ]) func leavesChangeLogsAlone(text: String) async throws {
        let verdict = try await PromptInjectionGuardrail().check(GuardrailSubject(.toolResult, text))
        #expect(verdict == .pass, "\(InjectionScore(of: text).weights)")
    }

    /// In lists of values a comma is no decimal point.
    @Test func readsValuesBetweenCommas() {
        let found = PersonalDataGuardrail().finds(in: "7,4111111111111111,123,09/27,a@example.com,2001:db8::1:0:2").map(
            \.kind)
        #expect(found == [.card, .email, .ipAddress])
    }

    /// The first version called itself for each of these words, and the stack ran out.
    @Test func readsManyBearers() {
        let found = SecretsGuardrail().finds(in: String(repeating: "bearer ", count: 100_000))
        #expect(found.isEmpty)
    }
}
