// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPTransports
import JSONCore
import LuaAgents
import Testing

@testable import LocalModels

/// Holds the form to `Tests/Evaluation/golden`, which the reference that was measured (`form.py`) has written.
@Suite struct ToolFormTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Evaluation/golden")

    static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json") && $0 != "decoder.json" }.sorted()

    @Test func thereAreGoldenFiles() { #expect(Self.names.count >= 10) }

    @Test(arguments: names) func theRequestIsTheOneThatWasMeasured(name: String) throws {
        let golden = try JSONValue(parsing: [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name))))
        let input = try #require(golden["input"])
        let without = Set((input["without"]?.arrayValue ?? []).compactMap(\.stringValue))
        let formed = ToolForm(try request(input), without: without).request
        let expected = (golden["request"]?["messages"]?.arrayValue ?? []).map { [$0["role"], $0["content"]] }
        #expect(formed.messages.map { [.string($0.role.rawValue), .string($0.text)] } == expected)
        #expect(schema(formed.responseFormat) == golden["request"]?["response_format"]?["json_schema"]?["schema"])
        #expect(formed.options.temperature == golden["request"]?["temperature"]?.doubleValue)
        #expect(formed.options.maxTokens.map(Int64.init) == golden["request"]?["max_tokens"]?.integerValue)
    }

    @Test func theDecoderReadsWhatTheReferenceReads() throws {
        let golden = try JSONValue(
            parsing: [UInt8](Data(contentsOf: Self.folder.appendingPathComponent("decoder.json"))))
        for row in golden.arrayValue ?? [] {
            var decoder = FormDecoder(answerName: "answer")
            let streamed = (row["stream"]?.stringValue ?? "").map { decoder.feed(String($0)) }.joined()
            #expect(streamed == row["text"]?.stringValue)
            switch try? decoder.finish() {
            case nil: #expect(row["reply"]?.isNull == true)
            case .text(let text): #expect(row["reply"] == ["text": .string(text)])
            case .value(let value): #expect(row["reply"] == ["value": value])
            case .calls(let calls):
                #expect(
                    row["reply"] == [
                        "calls": .array(calls.map { ["name": .string($0.name), "arguments": $0.arguments] })
                    ])
            }
        }
    }

    @Test func theSystemTextStaysTheSameFromTurnToTurn() throws {
        let tools = [ToolDefinition(name: "a")]
        let call = ToolCall(id: "1", name: "a", arguments: "{}")
        let first = ToolForm(ModelRequest(messages: [.system("S"), .user("U")], tools: tools)).request
        let second = ToolForm(
            ModelRequest(
                messages: [
                    .system("S"), .user("U"), .assistant("", toolCalls: [call]),
                    .tool(ToolResult(callID: "1", name: "a", content: "7")),
                ], tools: tools)
        ).request
        #expect(first.messages[0] == second.messages[0])
        #expect(first.messages[1] == second.messages[1])
    }

    @Test func withoutParallelCallsATurnHoldsOne() throws {
        for (parallel, expected) in [(nil, 8), (true, 8), (false, 1)] as [(Bool?, Int64)] {
            let formed = ToolForm(
                ModelRequest(
                    messages: [.user("U")], tools: [ToolDefinition(name: "a")], toolChoice: .any,
                    options: ModelOptions(parallelToolCalls: parallel))
            ).request
            #expect(schema(formed.responseFormat)?["maxItems"]?.integerValue == expected)
            #expect(formed.options.parallelToolCalls == nil)
        }
    }

    /// llama.cpp refused the whole request for some counts over about 2000.
    @Test func countsThatAGrammarCannotRepeatAreLeftOut() {
        let schema: JSONValue = [
            "type": "array", "minItems": 2, "maxItems": 2000,
            "items": ["type": "string", "minLength": 5000, "maxLength": 500],
        ]
        #expect(
            GrammarSchema.understood(schema)
                == ["type": "array", "minItems": 2, "items": ["type": "string", "maxLength": 500]])
    }

    private func request(_ input: JSONValue) throws -> ModelRequest {
        var messages: [Message] = []
        for (place, value) in (input["messages"]?.arrayValue ?? []).enumerated() {
            var message = try Message(scriptValue: value, at: "messages[\(place)]")
            message.isError = value["is_error"]?.boolValue ?? false
            messages.append(message)
        }
        let tools = (input["tools"]?.arrayValue ?? []).map { tool in
            ToolDefinition(
                name: tool["function"]?["name"]?.stringValue ?? "",
                description: tool["function"]?["description"]?.stringValue ?? "",
                parameters: tool["function"]?["parameters"] ?? ["type": "object", "properties": [:]])
        }
        return ModelRequest(
            messages: messages, tools: tools, toolChoice: choice(input["tool_choice"]),
            responseFormat: format(input["response_format"]),
            options: ModelOptions(
                temperature: input["options"]?["temperature"]?.doubleValue,
                maxTokens: (input["options"]?["max_tokens"]?.integerValue).map { Int($0) }))
    }

    private func choice(_ value: JSONValue?) -> ToolChoice {
        if let name = value?["function"]?["name"]?.stringValue { return .named(name) }
        switch value?.stringValue {
        case "none": return .none
        case "any", "required": return .any
        default: return .auto
        }
    }

    private func format(_ value: JSONValue?) -> ResponseFormat {
        switch value?["type"]?.stringValue {
        case "json_object": .jsonObject
        case "json_schema":
            .jsonSchema(name: "output", schema: value?["json_schema"]?["schema"] ?? [:], strict: true)
        default: .text
        }
    }

    private func schema(_ format: ResponseFormat) -> JSONValue? {
        if case .jsonSchema(_, let schema, _) = format { schema } else { nil }
    }
}

@Suite struct LocalGuardrailFieldTests {
    /// Nobody would judge by it; and nothing is fetched or started before that is said.
    @Test func refusesTheGuardrailsOfTheMistralAPI() async throws {
        let transport = AsyncHTTPClientTransport()
        let models = LocalModels(LocalConfiguration { _ in nil }, transport: transport)
        let request = ModelRequest(
            messages: [.user("hi")], options: ModelOptions(extra: ["guardrails": [["moderation_llm_v2": [:]]]]))
        let model = models.model(named: "no-such-model")
        let shown = #expect(throws: ModelError.self) { _ = try model.wireRequest(for: request) }
        let asked = await #expect(throws: ModelError.self) { _ = try await model.respond(to: request) { _ in } }
        for error in [shown, asked] {
            #expect(error?.code == .invalidRequest && error?.message.hasPrefix("/guardrails: ") == true)
        }
        await transport.shutdown()
    }
}
