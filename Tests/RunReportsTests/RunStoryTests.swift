// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import RunReports

@Suite struct RunStoryTests {
    @Test func tellsEachMessageOnce() {
        let entries = RunStory.entries(of: SampleRun.chat(turns: 3))
        #expect(
            Self.outline(entries) == [
                "group 1", "  user What is cold?", "  system You are brief.", "  turn 1 #2", "  call look_up #3",
                "  turn 2 #4", "  call look_up #5", "  turn 3 #6",
            ])
    }

    @Test func callsStandWhereTheyWereAskedFor() {
        var maker = Maker(time: 0)
        let calls = ["a", "b"].map { ToolCall(id: $0, name: "f", arguments: "{}") }
        maker.model("1", [.user("x")], .assistant("", toolCalls: calls))
        maker.record("2", "now", took: 1, answer: 5)
        // The second of two calls began first.
        maker.tool("4", calls[1], ToolResult(callID: "b", name: "f", content: "B"))
        maker.tool("3", calls[0], ToolResult(callID: "a", name: "f", content: "A", isError: true))
        maker.record("3.1", "fs.read", "x", took: 1, answer: "y")
        let entries = RunStory.entries(of: RecordedRun(info: RunInfo(id: "x"), records: maker.records))
        #expect(
            Self.outline(entries) == [
                "user x", "turn 1 #1", "call f #4 !", "  step fs.read x", "call f #3", "step now",
            ])
    }

    @Test func aCallThatWasNotRunIsToldByItsResult() {
        var maker = Maker(time: 0)
        let call = ToolCall(id: "a", name: "f", arguments: "{}")
        let answer = Message.assistant("", toolCalls: [call])
        let refused = Message.tool(ToolResult(callID: "a", name: "f", content: "denied", isError: true))
        maker.model("1", [.user("x")], answer)
        maker.model("2", [.user("x"), answer, refused], .assistant("ok"))
        let entries = RunStory.entries(of: RecordedRun(info: RunInfo(id: "x"), records: maker.records))
        #expect(Self.outline(entries) == ["user x", "turn 1 #1", "call f denied !", "turn 2 #2"])
    }

    @Test func itemsOfAMapStandInIt() {
        var maker = Maker(time: 0)
        maker.record("1", "map", took: 0, answer: [])
        maker.model("1.1.1", [.user("a")], .assistant("A"))
        maker.model("1.2.1", [.user("b")], .assistant("B"))
        let run = RecordedRun(info: RunInfo(id: "x"), records: maker.records)
        #expect(run.tree.map(\.count) == [3])
        #expect(
            Self.outline(RunStory.entries(of: run)) == [
                "group 1", "  user a", "  turn 1 #2", "  user b", "  turn 2 #3",
            ])
    }

    @Test func messagesThatChangedAreToldAgain() {
        var maker = Maker(time: 0)
        maker.model("1", [.user("a")], .assistant("A"))
        maker.model("2", [.user("a2"), .assistant("A"), .user("b")], .assistant("B"))
        let entries = RunStory.entries(of: RecordedRun(info: RunInfo(id: "x"), records: maker.records))
        #expect(
            Self.outline(entries) == ["user a", "turn 1 #1", "user a2", "assistant A", "user b", "turn 2 #2"])
    }

    private static func outline(_ entries: [RunEntry], _ indent: String = "") -> [String] {
        entries.flatMap { entry -> [String] in
            let number = entry.record?.number ?? 0
            let line: String =
                switch entry.content {
                case .message(let message): "\(message.role.rawValue) \(message.text)"
                case .answer(_, let turn): "turn \(turn) #\(number)"
                case .call(let name, _, let result, let isError):
                    "call \(name) \(entry.record == nil ? result ?? "" : "#\(number)")\(isError ? " !" : "")"
                case .group: "group \(number)"
                case .step: "step \(entry.record?.label ?? "")"
                }
            return [indent + line] + outline(entry.children, indent + "  ")
        }
    }
}
