// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@Suite struct RecordedRunTests {
    static let run: RecordedRun = {
        var info = RunInfo(id: "01run")
        (info.command, info.arguments, info.script) = ("run", ["a.lua", "hi"], "a.lua")
        info.output = ["text": "done", "n": 1.0]
        info.usage = Usage(promptTokens: 3, completionTokens: 4)
        let first: [Message] = [.system("s"), .user("hi")]
        let call = ToolCall(id: "c1", name: "f", arguments: "{\"a\":1}")
        let second =
            first + [
                .assistant("", toolCalls: [call]),
                .tool(ToolResult(callID: "c1", name: "f", content: "no", isError: true)),
                Message(role: .assistant, content: [.thinking("hm", raw: ["x": 1]), .raw(["type": "image"])]),
            ]
        return RecordedRun(
            info: info,
            records: [
                JournalRecord(
                    number: 1, path: JournalPath([1]), operation: "model", name: "m", messages: first, began: 5,
                    ended: 6, outcome: .init(["text": ""]), usage: Usage(promptTokens: 1),
                    cost: Dollars(picodollars: 7)),
                JournalRecord(
                    number: 2, path: JournalPath([2, 1]), operation: "fs.write", effect: .write,
                    request: ["path": "x"], began: 7, outcome: nil),
                JournalRecord(
                    number: 3, path: JournalPath([3]), operation: "model", name: "m", messages: second, began: 8,
                    ended: 9, outcome: .init("cut", isFailure: true, isRedacted: true)),
            ], schedule: [ScheduleStep(JournalPath(), count: 3), ScheduleStep(JournalPath([2, 1]))])
    }()

    @Test func comesBackFromItsLines() throws {
        let lines = try Self.run.jsonLines
        #expect(try RecordedRun(jsonLines: lines.joined(separator: "\n") + "\n") == Self.run)
    }

    @Test func saysMessagesOnce() throws {
        let lines = try Self.run.jsonLines
        let record = try JSONValue(parsing: lines[3])
        #expect(record["messages_of"] == 1)
        #expect(record["messages_kept"] == 2)
        #expect(record["messages"]?.arrayValue?.count == 3)
    }

    @Test(arguments: ["", "{}", "{\"agent_run\":9,\"id\":\"x\"}", "[1]", "{\"agent_run\":1"])
    func refusesWhatIsNoRun(text: String) {
        #expect(throws: JournalError.self) { try RecordedRun(jsonLines: text) }
    }

    @Test func namesTheLineThatIsWrong() throws {
        let lines = try Self.run.jsonLines
        let error = #expect(throws: JournalError.self) {
            try RecordedRun(jsonLines: lines[0] + "\n\n{\"number\":1}", name: "a.jsonl")
        }
        #expect(error?.message.hasPrefix("a.jsonl:3: ") == true)
    }

    @Test func pathsComeBackFromText() {
        #expect(JournalPath("3.1.2") == JournalPath([3, 1, 2]))
        #expect(JournalPath("") == JournalPath())
        for text in ["-1", "1.", ".1", "a", "1..2"] { #expect(JournalPath(text) == nil) }
        #expect(JournalPath([2]) < JournalPath([10]))
        #expect(JournalPath([2]) < JournalPath([2, 1]))
    }
}
