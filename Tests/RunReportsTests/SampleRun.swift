// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Runs made up for the tests, in the forms in which real ones are recorded.
enum SampleRun {
    /// An agent that calls a tool in every turn but the last.
    ///
    /// - Parameter length: characters of each answer and result.
    static func chat(turns: Int, length: Int = 200) -> RecordedRun {
        var info = RunInfo(id: "01samplerun")
        (info.command, info.arguments, info.script) = ("run", ["research.lua", "What is cold?"], "docs/research.lua")
        (info.status, info.began, info.model, info.version) = (.done, 1_790_000_000_000_000, "small", "0.1.0")
        (info.turns, info.toolCalls) = (turns, turns - 1)
        var maker = Maker(time: info.began)
        var messages: [Message] = [.system("You are brief."), .user("What is cold?")]
        let group = maker.record("1", "agent.run", "small", messages: [messages[1]])
        for turn in 1...turns {
            let isLast = turn == turns
            let call = ToolCall(id: "c\(turn)", name: "look_up", arguments: "{\"page\":\(turn)}")
            let answer = Message.assistant(
                text("Answer \(turn)", length), toolCalls: isLast ? [] : [call])
            maker.model("1.\(2 * turn - 1)", messages, answer, tokens: 100 * turn)
            guard !isLast else { break }
            let result = ToolResult(callID: call.id, name: "look_up", content: text("Page \(turn)", length))
            maker.tool("1.\(2 * turn)", call, result)
            messages += [answer, .tool(result)]
        }
        maker.records[group].ended = maker.time
        maker.records[group].outcome = .init(["text": "done", "finish_reason": "stop"])
        info.ended = maker.time
        info.usage = maker.usage
        info.cost = Dollars(picodollars: Int64(turns) * 1_000_000)
        return RecordedRun(info: info, records: maker.records)
    }

    static func text(_ start: String, _ length: Int) -> String {
        var text = start
        while text.count < length { text += " lorem ipsum dolor sit amet" }
        return text
    }
}

/// Makes records one after another.
struct Maker {
    var time: Int64
    var records: [JournalRecord] = []
    var usage = Usage()

    init(time: Int64) { self.time = time }

    @discardableResult
    mutating func record(
        _ path: String, _ operation: String, _ name: String = "", effect: ToolDefinition.Effect = .read,
        request: JSONValue = .null, messages: [Message] = [], took: Int64? = nil, answer: JSONValue? = nil,
        isFailure: Bool = false
    ) -> Int {
        var record = JournalRecord(
            number: records.count + 1, path: JournalPath(path) ?? JournalPath(), operation: operation, name: name,
            effect: effect, request: request, messages: messages, began: time)
        if let answer {
            record.ended = time + (took ?? 1000)
            record.outcome = .init(answer, isFailure: isFailure)
        }
        time += took ?? 0
        records.append(record)
        return records.count - 1
    }

    mutating func model(_ path: String, _ messages: [Message], _ answer: Message, tokens: Int = 100) {
        let place = record(
            path, "model", "small", request: ["temperature": 0.2], messages: messages, took: 800_000,
            answer: ["model": "small-2511", "message": answer.journalValue, "finish_reason": "stop"])
        records[place].usage = Usage(promptTokens: tokens, completionTokens: 20)
        records[place].cost = Dollars(picodollars: 1_000_000)
        usage += Usage(promptTokens: tokens, completionTokens: 20)
    }

    mutating func tool(_ path: String, _ call: ToolCall, _ result: ToolResult, took: Int64 = 120_000) {
        var answer: JSONObject = ["content": .string(result.content)]
        if result.isError { answer["is_error"] = true }
        record(
            path, "tool", call.name, effect: .read,
            request: ["call": .string(call.id), "arguments": .string(call.arguments)], took: took,
            answer: .object(answer))
    }
}
