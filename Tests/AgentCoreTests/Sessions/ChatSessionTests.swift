// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@Suite struct ChatSessionTests {
    private static func session(turns: Int) -> ChatSession {
        ChatSession(
            id: "s", messages: (1...turns).flatMap { [Message.user("q\($0)"), .assistant("a\($0)")] }, began: 1)
    }

    @Test func keepsAllOfItAndSendsWhatFits() {
        var session = Self.session(turns: 10)
        let all = session.messages
        let compaction = session.compact(by: HistoryRule(tokens: 60))
        #expect(compaction?.dropped == 12)
        #expect(compaction?.summary == "12 of 20 messages dropped")
        #expect(session.messages == all)
        #expect(session.view.count == 9)
        #expect(session.view.first?.role == .system)
        #expect(session.view.first?.text.contains("12 of 20") == true)
        #expect(Array(session.view.dropFirst()) == Array(all[12...]))
    }

    @Test func goesOnWithWhatARunMadeOfTheView() {
        var session = Self.session(turns: 10)
        _ = session.compact(by: HistoryRule(tokens: 60))
        let count = session.messages.count
        session.goOn(with: session.view + [.user("q11"), .assistant("a11")])
        #expect(session.messages.count == count + 2)
        #expect(session.messages.last == .assistant("a11"))
        // What was left out once stays left out, and is counted.
        let second = session.compact(by: HistoryRule(tokens: 30, keepTurns: 1))
        #expect(second?.dropped == 18)
        #expect(session.lately.first?.role == .system)
        #expect(session.lately.count == 7)
    }

    @Test func theSummaryIsInTheNote() {
        var session = Self.session(turns: 10)
        _ = session.compact(by: HistoryRule(tokens: 60))
        session.summarize("They talked about cold.")
        #expect(session.view[0].text.hasSuffix("They talked about cold."))
    }

    @Test func takesTheLastTurnBack() {
        var session = Self.session(turns: 2)
        let first = session.undo()
        #expect(first)
        #expect(session.messages == [.user("q1"), .assistant("a1")])
        let second = session.undo()
        #expect(second)
        let third = session.undo()
        #expect(!third)
    }

    @Test func comesBackFromAJournal() throws {
        var session = Self.session(turns: 10)
        session.script = "/a.lua"
        _ = session.compact(by: HistoryRule(tokens: 60))
        #expect(try ChatSession(journalValue: session.journalValue) == session)
        #expect(throws: JournalError.self) { try ChatSession(journalValue: ["id": "x"]) }
    }
}
