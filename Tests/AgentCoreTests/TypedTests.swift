// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

/// Tools and answers whose schemas come from Swift types.
@Suite struct TypedTests {
    struct WeatherQuery: Decodable, Sendable, SchemaDescribing {
        let city: String
        let days: Int
        let unit: String?

        static var schemaNotes: SchemaNotes {
            SchemaNotes(
                CodingKeys.self, [.city: "City name, e.g. Oslo", .days: .note("Days ahead").range(1...14).default(3)])
        }
    }

    struct Report: Codable, Equatable {
        let celsius: Double
        let days: Int
    }

    struct Book: Codable, Equatable, Sendable {
        let name: String
        let pages: Int
    }

    private func weather(strict: Bool = false) throws -> SwiftTool<WeatherQuery> {
        try SwiftTool("get_weather", "Current weather in a city", effect: .read, strict: strict) {
            (arguments: WeatherQuery) async throws -> Report in
            Report(celsius: -4, days: arguments.days)
        }
    }

    @Test func aToolHasTheSchemaOfItsArguments() throws {
        let definition = try weather().definition
        #expect(definition.name == "get_weather")
        #expect(definition.effect == .read)
        #expect(
            try definition.parameters.serialized()
                == #"{"type":"object","properties":{"city":{"description":"City name, e.g. Oslo","type":"string"},"days":{"description":"Days ahead","type":"integer","minimum":1,"maximum":14,"default":3},"unit":{"type":["string","null"]}},"required":["city"],"additionalProperties":false}"#
        )
        let strict = try weather(strict: true).definition
        #expect(strict.strict)
        #expect(strict.parameters["required"] == ["city", "days", "unit"])
    }

    @Test func argumentsAreDecodedAndResultsEncoded() async throws {
        let model = ScriptedModel([
            .call("get_weather", #"{"city":"Oslo"}"#), .call("get_weather", #"{"city":"Oslo","days":2.0}"#),
            .call("get_weather", #"{"city":"Oslo","days":15}"#), .text("cold"),
        ])
        let result = try await Agent(model: model, tools: [try weather()]).run("Is it cold?")
        #expect(result.toolCalls[0].result.content == #"{"celsius":-4.0,"days":3}"#)
        #expect(result.toolCalls[1].result.content == #"{"celsius":-4.0,"days":2}"#)
        #expect(result.toolCalls[2].result.content.contains("/days"))
    }

    @Test func resultsMayBeTextJSONOrAFailure() async throws {
        let context = ToolContext(callID: "1", turn: 1)
        let text = try SwiftTool("a", "") { (book: Book) in book.name }
        let json = try SwiftTool("a", "") { (book: Book) -> JSONValue in ["pages": .integer(Int64(book.pages))] }
        let failure = try SwiftTool("a", "") { (book: Book) -> ToolOutput in .failure("no \(book.name)") }
        let arguments: JSONValue = ["name": "Bees", "pages": 7]
        #expect(try await text.call(arguments, context: context) == .text("Bees"))
        #expect(try await json.call(arguments, context: context) == .value(["pages": 7]))
        #expect(try await failure.call(arguments, context: context) == .failure("no Bees"))
    }

    @Test func argumentsThatAreValidButDoNotFitAreToldToTheModel() async throws {
        let tool = try SwiftTool("a", "") { (book: Book) in book.name }
        let output = try await tool.call(["name": "Bees", "pages": 1e300], context: .init(callID: "1", turn: 1))
        #expect(output == .failure("invalid arguments: /pages: expected an integer, found number"))
    }

    @Test func argumentsMustBeAnObject() {
        let error = #expect(throws: TypeSchemaError.self) { try SwiftTool("a", "") { (name: String) in name } }
        #expect(error?.message.contains("must be an object") == true)
    }

    @Test func anAnswerIsAValue() async throws {
        let model = ScriptedModel([.text(#"{"name":"Bees"}"#), .text(#"{"name":"Bees","pages":7}"#)])
        let book = try await Agent(model: model).run("A book", as: Book.self)
        #expect(book == Book(name: "Bees", pages: 7))
        guard case .jsonSchema("Book", let schema, _) = model.requests[0].responseFormat else {
            Issue.record("no schema was asked for")
            return
        }
        #expect(schema["required"] == ["name", "pages"])
    }

    @Test func aTypeThatIsNoObjectIsAskedForInOne() async throws {
        let model = ScriptedModel([.text(#"{"value":[{"name":"Bees","pages":7.0}]}"#)])
        let books = try await Agent(model: model).run("Books", as: [Book].self)
        #expect(books == [Book(name: "Bees", pages: 7)])
    }

    @Test func answersThatDoNotFitAreErrorsOfTheOutput() async throws {
        let text = #"{"name":"Bees","pages":1e300}"#
        let error = await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([.text(text)])).run("A book", as: Book.self)
        }
        #expect(error?.code == .output)
        #expect(error?.attempts == [text])
        #expect(error?.message == "the answer is no Book: /pages: expected an integer, found number")
        let output = try TypedOutput(Book.self)
        #expect(throws: RunError.self) { try output.value(of: RunResult(text: "plain")) }
    }

    enum Colour: String, Decodable { case red, green }

    @Test func aTypeWithoutSchemaIsAnErrorOfConfiguration() async throws {
        let error = await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([])).run("A colour", as: Colour.self)
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("Make it CaseIterable") == true)
    }
}
