// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Testing

@Suite struct RedactedEventsTests {
    private static func text(_ events: [RunEvent]) -> String {
        events.reduce(into: "") { if case .text(let piece) = $1 { $0 += piece } }
    }

    private static func secrets(_ values: String...) -> SecretRedactor {
        let secrets = SecretRedactor()
        for value in values { secrets.note(value) }
        return secrets
    }

    @Test(arguments: 1...12) func findsASecretThatComesInPieces(of size: Int) {
        var events = RedactedEvents(Self.secrets("hunter22", "22-abc-def"))
        let whole = Array("say hunt, hunter22, hunter22-abc-def, hunter2")
        var shown = ""
        for start in stride(from: 0, to: whole.count, by: size) {
            shown += Self.text(events.next(.text(String(whole[start..<min(start + size, whole.count)]))))
        }
        shown += Self.text(events.next(.done(RunResult(text: String(whole)))))
        #expect(shown == "say hunt, [redacted], [redacted], hunter2")
    }

    @Test func handsOutWhatCannotBeASecretAtOnce() {
        var events = RedactedEvents(Self.secrets("hunter22"))
        #expect(Self.text(events.next(.text("plain text"))) == "plain text")
        #expect(Self.text(events.next(.text(" hun"))) == " ")
        #expect(Self.text(events.next(.text("t"))) == "")
        #expect(Self.text(events.next(.text("ing"))) == "hunting")
    }

    @Test func redactsEveryKindOfEvent() throws {
        let secrets = Self.secrets("hunter22")
        let call = ToolCall(id: "1", name: "f", arguments: #"{"k":"hunter22"}"#)
        let result = ToolResult(callID: "1", name: "f", content: "hunter22")
        let answer = RunResult(
            text: "hunter22", output: ["hunter22"], toolCalls: [.init(call: call, result: result)],
            messages: [.user("hunter22"), .assistant("", toolCalls: [call]), .tool(result)])
        let events: [RunEvent] = [
            .text("hunter22"), .partial(["hunter22"]), .thinking("hunter22"), .toolCall(call), .toolResult(result),
            .toolFault(call, description: "hunter22"),
            .retrying(attempt: 1, delay: .zero, reason: "hunter22"), .progress("hunter22"), .done(answer),
            .failed(RunError(.output, "hunter22", attempts: ["hunter22"], messages: [.user("hunter22")])),
        ]
        for event in events {
            let shown = "\(event.redacted(by: secrets))"
            #expect(!shown.contains("hunter22"))
            #expect(shown.contains("[redacted]"))
        }
    }
}
