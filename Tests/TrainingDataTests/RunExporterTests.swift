// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import TrainingData

@Suite struct RunExporterTests {
    private func run(_ messages: String, rest: String = "") throws -> JSONValue {
        try JSONValue(parsing: #"{"text":"x","finish_reason":"stop","messages":[\#(messages)]\#(rest)}"#)
    }

    private func line(
        _ messages: String, rest: String = "", _ change: (inout RunExporter) -> Void = { _ in }
    ) throws -> JSONValue {
        var exporter = RunExporter()
        change(&exporter)
        return .object(try exporter.line(of: try run(messages, rest: rest)))
    }

    private let user = #"{"role":"user","content":"hi"}"#
    private let answer = #"{"role":"assistant","content":"ho"}"#

    @Test func aRunBecomesItsMessages() throws {
        #expect(
            try line(user + "," + answer)
                == ["messages": [["role": "user", "content": "hi"], ["role": "assistant", "content": "ho"]]])
    }

    @Test func callsKeepTheirIdsWhenTheTrainerTakesThem() throws {
        let call =
            #"{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"abc123DEF","type":"function","function":{"name":"f","arguments":{"n":1}}}]}"#
        let result = #"{"role":"tool","tool_call_id":"abc123DEF","name":"f","content":"2"}"#
        let line = try line([user, call, result, answer].joined(separator: ","))
        #expect(line["messages"]?[1]?["content"] == "", "beside calls there is no text")
        #expect(line["messages"]?[1]?["tool_calls"]?[0]?["id"] == "abc123DEF")
        #expect(line["messages"]?[1]?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"n":1}"#)
        #expect(line["messages"]?[2]?["tool_call_id"] == "abc123DEF")
    }

    @Test func otherIdsAreNumberedInCallAndResult() throws {
        let calls =
            #"{"role":"assistant","content":"","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{}"}},{"id":"call00001","function":{"name":"f","arguments":""}}]}"#
        let results =
            #"{"role":"tool","tool_call_id":"call00001","content":"b"},{"role":"tool","tool_call_id":"call_1","content":"a"}"#
        let line = try line([user, calls, results, answer].joined(separator: ","))
        let ids = (0...1).map { line["messages"]?[1]?["tool_calls"]?[$0]?["id"]?.stringValue }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { $0?.isCallID == true })
        #expect(line["messages"]?[2]?["tool_call_id"]?.stringValue == ids[1])
        #expect(line["messages"]?[3]?["tool_call_id"]?.stringValue == ids[0])
        #expect(line["messages"]?[1]?["tool_calls"]?[1]?["function"]?["arguments"] == "{}")
    }

    @Test func systemMessagesBecomeOneOrNone() throws {
        let systems = #"{"role":"system","content":"a"},{"role":"system","content":"b"},"#
        #expect(try line(systems + user + "," + answer)["messages"]?[0]?["role"] == "user")
        let kept = try line(systems + user + "," + answer) { $0.keepsSystem = true }
        #expect(kept["messages"]?[0] == ["role": "system", "content": "a\n\nb"])
        let given = try line(systems + user + "," + answer) { $0.system = "c" }
        #expect(given["messages"]?[0] == ["role": "system", "content": "c"])
        #expect(given["messages"]?.arrayValue?.count == 3)
    }

    @Test func thoughtsAreLeftOut() throws {
        let thinking =
            #"{"role":"assistant","content":[{"type":"thinking","thinking":[]},{"type":"text","text":"ho"}]}"#
        #expect(try line(user + "," + thinking)["messages"]?[1]?["content"] == "ho")
    }

    @Test func theLastAnswerAloneCanBeLearned() throws {
        #expect(try line(user + "," + answer) { $0.onlyLast = true }["only_last"] == true)
    }

    @Test func theLastEventOfARunIsTheRun() throws {
        let event = JSONValue.object(["type": "done", "reply": try run(user + "," + answer)])
        #expect(try RunExporter().line(of: event)["messages"]?.arrayValue?.count == 2)
    }

    @Test(arguments: [
        (#"{"role":"user","content":"hi"}"#, "", "last message"),
        (
            #"{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}"#, #","stopped":"turns""#,
            "limit of turns"
        ),
        (
            #"{"role":"user","content":[{"type":"image_url","image_url":"x"}]},{"role":"assistant","content":"ho"}"#,
            "", "image_url"
        ),
        (
            #"{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"nobody","content":"1"},{"role":"assistant","content":"ho"}"#,
            "", "tool_call_id"
        ),
        (#"{"role":"user","content":"hi"},{"role":"oracle","content":"1"}"#, "", "/messages/1/role"),
    ]) func whatCannotBecomeALineSaysWhy(messages: String, rest: String, reason: String) throws {
        let run = try run(messages, rest: rest)
        let error = #expect(throws: RunExporter.Reason.self) { try RunExporter().line(of: run) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        (#"{}"#, "no recorded run"), (#"{"type":"error","code":"model","message":"down"}"#, "down"),
        (#"{"finish_reason":"length","messages":[]}"#, "length"), (#"[]"#, "no recorded run"),
    ]) func whatIsNoRunSaysSo(text: String, reason: String) throws {
        let run = try JSONValue(parsing: text)
        let error = #expect(throws: RunExporter.Reason.self) { try RunExporter().line(of: run) }
        #expect(error?.description.contains(reason) == true)
    }
}
