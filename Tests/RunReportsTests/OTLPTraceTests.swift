// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import RunReports

@Suite struct OTLPTraceTests {
    private static func run() -> RecordedRun {
        var info = RunInfo(id: "01run")
        (info.command, info.script, info.status, info.version) = ("run", "a.lua", .done, "0.1.0")
        (info.began, info.ended, info.session) = (5, 2_000_000, "talk")
        var maker = Maker(time: 10)
        let call = ToolCall(id: "c1", name: "f", arguments: "{\"city\":\"Oslo\"}")
        let messages: [Message] = [.system("secret instructions"), .user("secret question")]
        maker.record(
            "1", "agent.run", "mistral-small-latest", messages: messages, took: 1_000_000, answer: ["text": "x"])
        maker.time = 10
        maker.model("1.1", messages, .assistant("secret answer", toolCalls: [call]))
        maker.tool("1.2", call, ToolResult(callID: "c1", name: "f", content: "secret result", isError: true))
        return RecordedRun(info: info, records: maker.records)
    }

    private static func spans(_ trace: OTLPTrace) throws -> [JSONValue] {
        let requests = trace.requests()
        #expect(requests.count == 1)
        let spans = JSONPointer(tokens: ["resourceSpans", "0", "scopeSpans", "0", "spans"]).value(in: requests[0])
        return try #require(spans?.arrayValue)
    }

    private static func attributes(_ span: JSONValue) -> [String: JSONValue] {
        let pairs = (span["attributes"]?.arrayValue ?? []).compactMap { attribute in
            attribute["key"]?.stringValue.map { ($0, attribute["value"] ?? .null) }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func spansFollowTheConventions() throws {
        let spans = try Self.spans(OTLPTrace(Self.run()))
        #expect(spans.map { $0["name"] } == ["agent run", "invoke_agent", "chat small", "execute_tool f"])
        #expect(spans.map { $0["kind"] } == [1, 1, 3, 1])
        #expect(Set(spans.map { $0["traceId"]?.stringValue?.count }) == [32])
        #expect(Set(spans.map { $0["spanId"]?.stringValue }).count == 4)
        #expect(spans[0]["parentSpanId"] == nil)
        #expect(spans[1]["parentSpanId"] == spans[0]["spanId"])
        #expect(spans[2]["parentSpanId"] == spans[1]["spanId"])
        #expect(spans[2]["startTimeUnixNano"] == "10000")
        #expect(spans[2]["endTimeUnixNano"] == "800010000")
        let model = Self.attributes(spans[2])
        #expect(model["gen_ai.operation.name"] == ["stringValue": "chat"])
        #expect(model["gen_ai.request.model"] == ["stringValue": "small"])
        #expect(model["gen_ai.response.model"] == ["stringValue": "small-2511"])
        #expect(model["gen_ai.usage.input_tokens"] == ["intValue": "100"])
        #expect(model["gen_ai.request.temperature"] == ["doubleValue": 0.2])
        #expect(model["gen_ai.response.finish_reasons"] == ["arrayValue": ["values": [["stringValue": "stop"]]]])
        let agent = Self.attributes(spans[1])
        #expect(agent["gen_ai.provider.name"] == ["stringValue": "mistral_ai"])
        #expect(agent["gen_ai.conversation.id"] == ["stringValue": "talk"])
        let tool = Self.attributes(spans[3])
        #expect(tool["gen_ai.tool.call.id"] == ["stringValue": "c1"])
        #expect(tool["error.type"] == ["stringValue": "tool_error"])
        #expect(spans[3]["status"] == ["code": 2])
    }

    @Test func contentStaysAtHomeUnlessItIsAskedFor() throws {
        let bare = try JSONValue.array(OTLPTrace(Self.run()).requests()).serialized()
        for word in ["secret", "Oslo"] { #expect(!bare.contains(word)) }
        let spans = try Self.spans(OTLPTrace(Self.run(), capturesContent: true))
        let model = Self.attributes(spans[2])
        #expect(
            model["gen_ai.input.messages"] == [
                "stringValue": #"[{"role":"user","parts":[{"type":"text","content":"secret question"}]}]"#
            ])
        #expect(
            model["gen_ai.output.messages"]?["stringValue"]?.stringValue
                == #"[{"role":"assistant","parts":[{"type":"text","content":"secret answer"},"#
                + #"{"type":"tool_call","id":"c1","name":"f","arguments":{"city":"Oslo"}}],"finish_reason":"stop"}]"#)
        #expect(Self.attributes(spans[3])["gen_ai.tool.call.result"] == ["stringValue": "secret result"])
    }

    @Test func theSameRunHasTheSameIds() throws {
        #expect(OTLPTrace(Self.run()).requests() == OTLPTrace(Self.run()).requests())
        let parent = try #require(TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        let spans = try Self.spans(OTLPTrace(Self.run(), parent: parent))
        #expect(spans[0]["traceId"] == "0af7651916cd43dd8448eb211c80319c")
        #expect(spans[0]["parentSpanId"] == "b7ad6b7169203331")
    }

    @Test func longRunsAreSentInParts() {
        let requests = OTLPTrace(SampleRun.chat(turns: 50)).requests(size: 30)
        #expect(requests.count == 4)
    }
}
