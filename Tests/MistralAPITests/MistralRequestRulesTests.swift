// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

@Suite struct MistralRequestRulesTests {
    private func refusal(
        _ options: ModelOptions = .init(), tools: [ToolDefinition] = [], format: ResponseFormat = .text
    ) throws -> ModelError? {
        let model = try MistralModel(name: "m", apiKey: "k", transport: AsyncHTTPClientTransport())
        let request = ModelRequest(messages: [.user("x")], tools: tools, responseFormat: format, options: options)
        do {
            _ = try model.wireRequest(for: request)
            return nil
        } catch let error as ModelError {
            return error
        }
    }

    @Test(arguments: [
        (ModelOptions(temperature: 1.6), "temperature: expected 0.0…1.5, found 1.6"),
        (ModelOptions(temperature: -0.1), "temperature"), (ModelOptions(temperature: .nan), "temperature"),
        (ModelOptions(topP: 0), "top_p: expected a number over 0, at most 1, found 0.0"),
        (ModelOptions(topP: 1.1), "top_p"),
        (ModelOptions(maxTokens: -1), "max_tokens: expected 0 or more, found -1"),
        (ModelOptions(randomSeed: -1), "random_seed"), (ModelOptions(presencePenalty: 2.1), "presence_penalty"),
        (ModelOptions(frequencyPenalty: -2.1), "frequency_penalty"), (ModelOptions(promptMode: "deep"), "prompt_mode"),
        (ModelOptions(reasoningEffort: "max"), "reasoning_effort"),
        (ModelOptions(extra: ["seed": 1]), "'seed': use random_seed"),
        (ModelOptions(extra: ["max_completion_tokens": 1]), "use max_tokens"),
        (ModelOptions(extra: ["stream_options": [:]]), "stream_options"),
        (ModelOptions(extra: ["model": "x"]), "'model'"),
    ]) func refusesOptions(options: ModelOptions, words: String) throws {
        let error = try #require(try refusal(options))
        #expect(error.code == .invalidRequest)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test(arguments: ["", "get weather", "météo", "a.b", String(repeating: "x", count: 65)])
    func refusesToolNames(name: String) throws {
        let error = try #require(try refusal(tools: [ToolDefinition(name: "ok"), ToolDefinition(name: name)]))
        #expect(error.message.contains("tools[1].function.name"))
    }

    @Test func takesGoodToolNames() throws {
        let names = ["f", "get-weather_2", String(repeating: "x", count: 64)]
        #expect(try refusal(tools: names.map { ToolDefinition(name: $0) }) == nil)
    }

    @Test func refusesTooManyTools() throws {
        let tools = (0..<129).map { ToolDefinition(name: "f\($0)") }
        #expect(try refusal(tools: Array(tools.prefix(128))) == nil)
        #expect(try refusal(tools: tools)?.message == "tools: expected at most 128 tools, found 129")
    }

    @Test func refusesTwoToolsOfOneName() throws {
        #expect(try refusal(tools: [ToolDefinition(name: "f"), ToolDefinition(name: "f")]) != nil)
    }

    @Test func refusesSchemasThatAreNoObjects() throws {
        #expect(try refusal(tools: [ToolDefinition(name: "f", parameters: "x")]) != nil)
        #expect(try refusal(tools: [ToolDefinition(name: "f", parameters: [:])]) == nil)
        #expect(try refusal(format: .jsonSchema(name: "a b", schema: [:], strict: true)) != nil)
        #expect(try refusal(format: .jsonSchema(name: "ab", schema: true, strict: true)) != nil)
    }
}
