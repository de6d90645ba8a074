// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite struct HistoryRuleTests {
    /// A turn of about `tokens` tokens, with a call of a tool.
    private static func turn(_ name: String, tokens: Int = 100) -> [Message] {
        let call = ToolCall(id: name, name: "f", arguments: "{}")
        return [
            .user(name), .assistant("", toolCalls: [call]),
            .tool(ToolResult(callID: name, name: "f", content: String(repeating: "x", count: 3 * (tokens - 30)))),
            .assistant("ok"),
        ]
    }

    private static func turns(_ count: Int) -> [Message] { (1...count).flatMap { turn("t\($0)") } }

    @Test func dropsNothingThatFits() {
        #expect(HistoryRule(tokens: 1000).dropped(of: Self.turns(5)) == nil)
        #expect(HistoryRule().dropped(of: Self.turns(500)) == nil)
    }

    @Test func dropsTheOldestTurnsAsAWhole() {
        let messages = Self.turns(10)
        let dropped = HistoryRule(tokens: 500).dropped(of: messages)
        #expect(dropped == 28)
        // A quarter of the limit is free then, and calls stay with their results.
        #expect(messages[(dropped ?? 0)].role == .user)
        #expect(messages[(dropped ?? 0)...].reduce(0) { $0 + HistoryRule.tokens(of: $1) } <= 375)
    }

    @Test func keepsTheNewestTurnsWhateverTheirSize() {
        let messages = Self.turns(2) + Self.turn("big", tokens: 5000)
        #expect(HistoryRule(tokens: 100, keepTurns: 2).dropped(of: messages) == 4)
        #expect(HistoryRule(tokens: 100, keepTurns: 3).dropped(of: messages) == nil)
        #expect(HistoryRule(tokens: 100, keepTurns: 0).dropped(of: messages) == 8)
    }

    @Test func countsWhatIsSentBeside() {
        let messages = Self.turns(4)
        #expect(HistoryRule(tokens: 500).dropped(of: messages) == nil)
        #expect(HistoryRule(tokens: 500).dropped(of: messages, more: 200) != nil)
    }

    @Test(arguments: 1...12) func neverSplitsACallFromItsResult(limit: Int) {
        let messages = Self.turns(12)
        guard let dropped = HistoryRule(tokens: limit * 100, keepTurns: 1).dropped(of: messages) else { return }
        let rest = messages[dropped...]
        let asked = Set(rest.flatMap(\.toolCalls).map(\.id))
        for message in rest where message.role == .tool { #expect(asked.contains(message.toolCallID ?? "")) }
        #expect(rest.first?.role == .user)
    }
}
