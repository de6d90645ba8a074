// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@testable import AgentCore

@Suite("Structured output")
struct StructuredOutputTests {
    private let tool = ToolDefinition(name: "weather")
    private let book: JSONValue = [
        "type": "object", "properties": ["name": ["type": "string"], "authors": ["type": "array"]],
        "required": ["name", "authors"],
    ]

    private func machine(
        _ schema: JSONValue? = nil, limits: RunLimits = .init(), tools: Bool = true
    ) throws -> RunStateMachine {
        let output = try schema.map { OutputFormat.schema(try JSONSchema($0), name: "book") } ?? .jsonObject
        return RunStateMachine(
            .init(instructions: "Read books.", tools: tools ? [tool] : [], output: output, limits: limits))
    }

    private let good = #"{"name":"Emma","authors":["Jane Austen"]}"#
    private let bad = #"{"name":"Emma","authors":"Jane Austen"}"#

    @Test("goes into each request, with the tools")
    func request() throws {
        var machine = try machine(book)
        let request = try machine.start(with: [.user("hi")]).request()
        #expect(request.tools == [tool])
        #expect(request.responseFormat == .jsonSchema(name: "book", schema: book, strict: true))
        let calls = try machine.modelResponded(.calls("a")).calls()
        let next = try machine.toolsFinished([calls[0].refused("x")]).request()
        #expect(next.responseFormat == request.responseFormat)
        #expect(try machine.modelResponded(.text(good)).result().output?["name"] == "Emma")
    }

    @Test("is repaired by a turn that holds the answer and its errors alone")
    func repair() throws {
        var machine = try machine(book)
        _ = machine.start(with: [.user("a long story")])
        let request = try machine.modelResponded(.text(bad)).request()
        #expect(request.messages.map(\.role) == [.user])
        #expect(request.messages[0].text.contains(bad))
        #expect(request.messages[0].text.contains("- /authors: must be an array, but is \"Jane Austen\""))
        #expect(request.tools.isEmpty)
        #expect(request.responseFormat == .jsonSchema(name: "book", schema: book, strict: true))
        let result = try machine.modelResponded(.text(good)).result()
        #expect(result.output?["authors"] == ["Jane Austen"])
        #expect(result.turns == 2)
        #expect(result.usage.totalTokens == 4)
        #expect(result.messages.map(\.role) == [.user, .assistant, .user, .assistant])
    }

    @Test("fails with both attempts when the repair fails, too")
    func failedRepair() throws {
        var machine = try machine(book)
        _ = machine.start(with: [.user("hi")])
        _ = try machine.modelResponded(.text(bad)).request()
        let error = try machine.modelResponded(.text("Sorry.")).error()
        #expect(error.code == .output)
        #expect(error.attempts == [bad, "Sorry."])
        #expect(error.message.contains("the answer is not JSON"))
    }

    @Test(
        "is repaired as often as the limits say, within the turns and tokens of the run",
        arguments: [
            (RunLimits(repairs: 0), 0), (RunLimits(repairs: 3), 3), (RunLimits(turns: 1), 0),
            (RunLimits(turns: 2, repairs: 3), 1),
            (RunLimits(tokens: 2), 0),
        ])
    func repairs(limits: RunLimits, count: Int) throws {
        var machine = try machine(book, limits: limits, tools: false)
        _ = machine.start(with: [.user("hi")])
        for _ in 0..<count { _ = try machine.modelResponded(.text(bad)).request() }
        #expect(try machine.modelResponded(.text(bad)).error().attempts.count == count + 1)
    }

    @Test("ignores calls that come with a repair")
    func callInRepair() throws {
        var machine = try machine(book)
        _ = machine.start(with: [.user("hi")])
        _ = try machine.modelResponded(.text(bad)).request()
        #expect(try machine.modelResponded(.calls("a")).error().code == .output)
    }

    @Test(
        "is found in a Markdown fence",
        arguments: [
            "```json\n%\n```", "```\n%\n```\n", "Here it is:\n\n```json\n%\n```\nEnjoy!", "~~~\n%\n~~~", "```json\n%",
            "```json%```",
            "  ```json\r\n%\r\n  ```", " \n%\n", "```json\r\n%\r\n```\r\n",
        ])
    func fences(_ frame: String) throws {
        var machine = try machine(book)
        _ = machine.start(with: [.user("hi")])
        let result = try machine.modelResponded(.text(frame.replacing("%", with: good))).result()
        #expect(result.output?["name"] == "Emma")
        #expect(try JSONValue(parsing: result.text) == result.output)
    }

    @Test(
        "is not guessed",
        arguments: [
            "", "   ", "null", "Emma", "```json\n{}\n```\nor\n```json\n{}\n```", #"{"name":"Emma"} {"#,
            #"{"name":"E","name":"F"}"#,
            "Here: {\"name\":\"Emma\",\"authors\":[]}",
        ])
    func notGuessed(_ text: String) throws {
        var machine = try machine(book, limits: .init(repairs: 0))
        _ = machine.start(with: [.user("hi")])
        #expect(try machine.modelResponded(.text(text)).error().code == .output)
    }

    @Test("is asked for again where a null content leaves nothing to mend")
    func nullContent() throws {
        var machine = try machine(book)
        let first = try machine.start(with: [.user("hi")]).request()
        let empty = ModelResponse(message: Message(role: .assistant, content: []))
        #expect(try machine.modelResponded(empty).request().messages == first.messages)
        #expect(try machine.modelResponded(empty).error().message.contains("the answer is empty"))
    }

    @Test("of a limit is never the answer to an earlier question")
    func earlierAnswer() throws {
        var machine = try machine(book, limits: .init(turns: 1))
        _ = machine.start(with: [.user("one"), .assistant(good), .user("two")])
        let result = try machine.modelResponded(.calls("a")).result()
        #expect(result.output == nil)
        #expect(result.text.isEmpty)
    }

    @Test(
        "of a text that was cut is not an example in it, nor the beginning of a number",
        arguments: [
            "For example:\n```json\n%\n```\nNow the answer:\n", "```json\n%", "12",
        ])
    func cut(_ frame: String) throws {
        let text = frame.replacing("%", with: good)
        var limited = try machine(frame == "12" ? ["type": "integer"] : book)
        _ = limited.start(with: [.user("hi")])
        #expect(try limited.timeRanOut(partialText: text).result().output == nil)
        var truncated = try machine(frame == "12" ? ["type": "integer"] : book)
        _ = truncated.start(with: [.user("hi")])
        #expect(
            try truncated.modelResponded(.init(message: .assistant(text), finishReason: .length)).error().code
                == .truncated)
    }

    @Test("says which limit left no room for a repair")
    func namedLimit() throws {
        var machine = try machine(book, limits: .init(turns: 1))
        _ = machine.start(with: [.user("hi")])
        #expect(try machine.modelResponded(.text(bad)).error().message.contains("the limit of turns"))
    }

    @Test("is joined from a list of content")
    func listContent() throws {
        var machine = try machine(book)
        _ = machine.start(with: [.user("hi")])
        let parts = [
            ContentPart.thinking("hm", raw: nil), .text(String(good.prefix(9))), .text(String(good.dropFirst(9))),
        ]
        let result = try machine.modelResponded(.init(message: Message(role: .assistant, content: parts))).result()
        #expect(result.output?["name"] == "Emma")
    }

    @Test("that is cut off is not repaired, and not taken for whole")
    func truncated() throws {
        var cut = try machine(book)
        _ = cut.start(with: [.user("hi")])
        let error = try cut.modelResponded(.init(message: .assistant(#"{"name":"#), finishReason: .length)).error()
        #expect(error.code == .truncated)
        #expect(error.attempts == [#"{"name":"#])
        #expect(error.message.contains("max_tokens"))

        var number = try machine(["type": "integer"])
        _ = number.start(with: [.user("hi")])
        #expect(
            try number.modelResponded(.init(message: .assistant("12"), finishReason: .length)).error().code
                == .truncated)

        var whole = try machine(book)
        _ = whole.start(with: [.user("hi")])
        let result = try whole.modelResponded(.init(message: .assistant(good), finishReason: .length)).result()
        #expect(result.output?["name"] == "Emma", "the closing brace shows that nothing is missing")
    }

    @Test("in JSON mode is any object and nothing else", arguments: ["[1]", "1", "\"a\"", "null"])
    func jsonMode(_ text: String) throws {
        var machine = try machine(limits: .init(repairs: 0))
        #expect(try machine.start(with: [.user("hi")]).request().responseFormat == .jsonObject)
        #expect(try machine.modelResponded(.text(text)).error().message.contains("must be a JSON object"))
    }

    @Test("keeps 64-bit integers")
    func exact() throws {
        var machine = try machine(["type": "integer"])
        _ = machine.start(with: [.user("hi")])
        #expect(try machine.modelResponded(.text("9007199254740993")).result().output == 9_007_199_254_740_993)
    }

    @Test("of a run that a limit ends is there only when it is whole")
    func limits() throws {
        var half = try machine(book)
        _ = half.start(with: [.user("hi")])
        #expect(try half.timeRanOut(partialText: #"{"name":"#).result().output == nil)
        var whole = try machine(book)
        _ = whole.start(with: [.user("hi")])
        #expect(try whole.timeRanOut(partialText: good).result().output?["name"] == "Emma")
    }
}

@Suite("The value so far")
struct PartialOutputTests {
    private func values(_ text: String, chunk: Int) -> [JSONValue] {
        var partial = PartialOutput()
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: chunk).compactMap {
            partial.receive(String(characters[$0..<min($0 + chunk, characters.count)]))
        }
    }

    @Test("grows with the text and ends as the whole", arguments: [1, 2, 5, 100])
    func grows(chunk: Int) throws {
        let text = #"{"name":"Emma","authors":["Jane","A"],"year":1815}"#
        let seen = values(text, chunk: chunk)
        #expect(seen.last == (try JSONValue(parsing: text)))
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 != $1 })
        if chunk == 1 {
            #expect(seen.contains(["name": "Em"]))
            #expect(seen.contains(["name": "Emma", "authors": ["Jane"]]))
        }
    }

    @Test("is found behind the head of a fence")
    func fence() throws {
        for text in ["\n```json\n{\"a\":[1,2]}\n```", "```json\r\n{\"a\":[1,2]}\r\n```", "```\n\n {\"a\":[1,2]}"] {
            #expect(values(text, chunk: 1).last == ["a": [1, 2]])
        }
    }

    @Test("of what is not JSON is nothing")
    func prose() { #expect(values("Sorry, I cannot do that.", chunk: 3).isEmpty) }

    @Test("of a long answer is given a bounded number of times")
    func isLinear() {
        let text = "[" + (0..<20_000).map(String.init).joined(separator: ",") + "]"
        #expect(values(text, chunk: 4).count < 700)
    }
}

@Suite("A name that does not exist")
struct ClosestNameTests {
    @Test(
        "leads to the one that was meant",
        arguments: [
            ("get_wether", "get_weather"), ("getWeather", "get_weather"), ("get-weather", "get_weather"),
            ("weather", nil),
            ("calcluator", "calculator"), ("x", nil), ("", nil),
        ])
    func closest(name: String, expected: String?) {
        #expect(ClosestName.of(name, among: ["get_weather", "calculator", "files"]) == expected)
    }
}
