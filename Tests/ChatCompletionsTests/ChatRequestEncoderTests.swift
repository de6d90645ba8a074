// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore
import Testing

@Suite struct ChatRequestEncoderTests {
    private let encoder = ChatRequestEncoder(model: "m", dialect: ChatDialect())

    private func json(_ request: ModelRequest) throws -> JSONValue {
        try JSONValue(parsing: try encoder.body(of: request))
    }

    @Test func writesTheFieldsOfOpenAI() throws {
        let options = ModelOptions(
            temperature: 0, topP: 0.5, maxTokens: 9, stop: ["x"], randomSeed: 4, presencePenalty: 1,
            frequencyPenalty: -1,
            parallelToolCalls: false, reasoningEffort: "low", metadata: ["a": 1], extra: ["n": 2])
        let tool = ToolDefinition(name: "f", description: "d", strict: true)
        let request = ModelRequest(
            messages: [.user("hi")], tools: [tool], toolChoice: .any, options: options, streams: true)
        #expect(
            try json(request)
                == [
                    "model": "m", "messages": [["role": "user", "content": "hi"]], "stream": true,
                    "stream_options": ["include_usage": true], "temperature": 0.0, "top_p": 0.5, "max_tokens": 9,
                    "stop": ["x"], "seed": 4, "presence_penalty": 1.0, "frequency_penalty": -1.0,
                    "parallel_tool_calls": false, "reasoning_effort": "low", "metadata": ["a": 1], "n": 2,
                    "tool_choice": "required",
                    "tools": [
                        [
                            "type": "function",
                            "function": [
                                "name": "f", "description": "d", "strict": true,
                                "parameters": ["type": "object", "properties": [:]],
                            ],
                        ]
                    ],
                ])
    }

    @Test func writesToolChoices() throws {
        let tools = [ToolDefinition(name: "f")]
        func choice(_ choice: ToolChoice) throws -> JSONValue? {
            try json(ModelRequest(messages: [.user("")], tools: tools, toolChoice: choice))["tool_choice"]
        }
        #expect(try choice(.auto) == nil)
        #expect(try choice(.none) == "none")
        #expect(try choice(.named("f")) == ["type": "function", "function": ["name": "f"]])
        #expect(throws: ModelError.self) { try choice(.named("g")) }
    }

    @Test func refusesAChoiceWithoutTools() throws {
        #expect(throws: ModelError.self) { try json(ModelRequest(messages: [.user("")], toolChoice: .any)) }
        #expect(try json(ModelRequest(messages: [.user("")], toolChoice: .none))["tool_choice"] == nil)
    }

    @Test func refusesAFieldSetTwice() {
        let options = ModelOptions(extra: ["model": "other"])
        #expect(throws: ModelError.self) { try json(ModelRequest(messages: [.user("")], options: options)) }
    }

    @Test func refusesNumbersThatJSONCannotExpress() {
        let options = ModelOptions(temperature: .infinity)
        #expect(throws: ModelError.self) { try json(ModelRequest(messages: [.user("")], options: options)) }
    }

    @Test func writesToolTurns() throws {
        let call = ToolCall(id: "c1", name: "f", arguments: "{\"x\":1}")
        let messages: [Message] = [
            .assistant("", toolCalls: [call]), .tool(ToolResult(callID: "c1", name: "f", content: "r")),
        ]
        #expect(
            try json(ModelRequest(messages: messages))["messages"]
                == [
                    [
                        "role": "assistant", "content": "",
                        "tool_calls": [
                            ["id": "c1", "type": "function", "function": ["name": "f", "arguments": "{\"x\":1}"]]
                        ],
                    ], ["role": "tool", "content": "r", "tool_call_id": "c1", "name": "f"],
                ])
    }

    @Test(arguments: [("", "{}"), ("{\"a\":", "{\"malformed\":\"{\\\"a\\\":\"}"), ("[1]", "{\"malformed\":\"[1]\"}")])
    func repairsArgumentsThatTemplatesCannotParse(arguments: String, sent: String) throws {
        let message = Message.assistant("", toolCalls: [ToolCall(id: "c", name: "f", arguments: arguments)])
        let wire = try json(ModelRequest(messages: [message]))
        #expect(wire["messages"]?[0]?["tool_calls"]?[0]?["function"]?["arguments"] == .string(sent))
    }

    @Test func sendsMediaAsChunksAndKeepsThoughtsBack() throws {
        let image: JSONValue = ["type": "image_url", "image_url": ["url": "data:image/png;base64,AA=="]]
        let messages = [
            Message(role: .user, content: [.text("what?"), .raw(image)]),
            Message(role: .assistant, content: [.thinking("hm", raw: ["type": "thinking"]), .text("a"), .text("b")]),
        ]
        let wire = try json(ModelRequest(messages: messages))["messages"]
        #expect(wire?[0]?["content"] == [["type": "text", "text": "what?"], image])
        #expect(wire?[1]?["content"] == "ab")
    }

    @Test func asksForJSONWhereNoMessageDoes() throws {
        func wire(_ messages: [Message]) throws -> JSONValue? {
            try json(ModelRequest(messages: messages, responseFormat: .jsonObject))["messages"]
        }
        #expect(try wire([.user("As JSON, please")])?[1] == nil)
        #expect(try wire([.user("meal")])?[0]?["role"] == "system")
        #expect(try wire([.system("s"), .user("meal")])?[0]?["content"]?.stringValue?.contains("JSON") == true)
    }

    @Test func writesSchemas() throws {
        let closed: JSONValue = ["type": "object", "properties": [:], "additionalProperties": false]
        let request = ModelRequest(
            messages: [.user("")], responseFormat: .jsonSchema(name: "Book", schema: closed, strict: true))
        #expect(
            try json(request)["response_format"]
                == ["type": "json_schema", "json_schema": ["name": "Book", "schema": closed, "strict": true]])
    }

    @Test func putsTheSafetyPromptFirst() throws {
        let options = ModelOptions(safePrompt: true)
        let plain = try json(ModelRequest(messages: [.user("hi")], options: options))
        #expect(plain["messages"]?[0]?["role"] == "system")
        #expect(plain["safe_prompt"] == nil)
        let withSystem = try json(ModelRequest(messages: [.system("Be brief."), .user("hi")], options: options))
        let text = try #require(withSystem["messages"]?[0]?["content"]?.stringValue)
        #expect(text.hasPrefix("Always assist with care"))
        #expect(text.hasSuffix("Be brief."))
        #expect(throws: ModelError.self) {
            try json(ModelRequest(messages: [.user("")], options: .init(promptMode: "reasoning")))
        }
    }

    private let bookFormat = ResponseFormat.jsonSchema(name: "b", schema: ["type": "object"], strict: true)

    /// The server gets the schema, and the model is told of it in the words of the Mistral API.
    @Test func aSchemaIsPutInThePromptOfServersThatDoNot() throws {
        let sentence = #"Your output should be an instance of a JSON object following this schema: {"type":"object"}"#
        let plain = ModelRequest(messages: [.user("hi")], responseFormat: bookFormat)
        #expect(try json(plain)["messages"]?[0] == ["role": "system", "content": .string(sentence)])
        #expect(try json(plain)["response_format"]?["json_schema"]?["schema"] == ["type": "object"])
        let instructed = ModelRequest(messages: [.system("Be brief."), .user("hi")], responseFormat: bookFormat)
        #expect(try json(instructed)["messages"]?[0]?["content"] == .string("Be brief.\n\n" + sentence))
        #expect(try json(instructed)["messages"]?.arrayValue?.count == 2)
    }

    @Test func theMistralAPIPutsTheSchemaInThePromptItself() throws {
        let mistral = ChatRequestEncoder(model: "m", dialect: .mistral)
        let body = try mistral.fields(of: ModelRequest(messages: [.user("hi")], responseFormat: bookFormat))
        #expect(body["messages"] == [["role": "user", "content": "hi"]])
        #expect(body["response_format"]?["type"] == "json_schema")
    }

    @Test(arguments: [ChatDialect(), .mistral])
    func jsonModeAsksForJSONOnlyWhereNoMessageDoes(dialect: ChatDialect) throws {
        let encoder = ChatRequestEncoder(model: "m", dialect: dialect)
        let asked = ModelRequest(messages: [.user("as a short Json object")], responseFormat: .jsonObject)
        #expect(try encoder.fields(of: asked)["messages"]?.arrayValue?.count == 1)
        let unasked = ModelRequest(messages: [.user("hi"), .assistant("json")], responseFormat: .jsonObject)
        #expect(
            try encoder.fields(of: unasked)["messages"]?[0]
                == ["role": "system", "content": "Answer with one JSON object and nothing else."])
    }

    /// OpenAI refuses strict schemas with open objects or optional properties.
    @Test(arguments: [
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#,
            true
        ),
        (#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#, false),
        (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, false),
        (
            #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},"required":["a"],"additionalProperties":false}"#,
            false
        ),
        (#"{"type":"array","items":{"type":"string"}}"#, false),
        (#"{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false}"#, false),
        (
            #"{"type":"object","properties":{"a":{"oneOf":[]}},"required":["a"],"additionalProperties":false}"#, false
        ),
        (
            #"{"type":"object","properties":{"a":{"type":["object","null"]}},"required":["a"],"additionalProperties":false}"#,
            false
        ),
    ])
    func strictIsAskedForWhereItCanBeHad(schema: String, strict: Bool) throws {
        let format = ResponseFormat.jsonSchema(name: "b", schema: try JSONValue(parsing: schema), strict: true)
        let request = ModelRequest(messages: [.user("json")], responseFormat: format)
        #expect(try json(request)["response_format"]?["json_schema"]?["strict"] == .bool(strict))
        let mistral = ChatRequestEncoder(model: "m", dialect: .mistral)
        #expect(try mistral.fields(of: request)["response_format"]?["json_schema"]?["strict"] == true)
    }
}
