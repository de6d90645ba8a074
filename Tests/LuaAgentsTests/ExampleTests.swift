// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import RunStores
import Testing

/// Each file of docs/examples runs with a scripted model.
@Suite(.inBothStrengths) struct ExampleTests {
    private func run(_ name: String, arguments: [String] = [], in world: World) async throws -> Script {
        try await Script.run(
            contents(of: "docs/examples/\(name)"), name: "\(checkout)/docs/examples/\(name)", arguments: arguments,
            in: world.environment)
    }

    private func agent(_ name: String, in world: World) async throws -> Agent {
        guard case .agent(let agent) = try await run(name, in: world).outcome else {
            throw RunError(.host, "\(name) returns no agent")
        }
        return agent
    }

    @Test func weatherLooksCitiesUpInItsFile() async throws {
        let calls = [
            ToolCall(id: "a", name: "get_weather", arguments: #"{"city":"Oslo","month":"jan"}"#),
            ToolCall(id: "b", name: "get_weather", arguments: #"{"city":"cairo","month":"jan"}"#),
            ToolCall(id: "c", name: "get_weather", arguments: #"{"city":"Atlantis"}"#),
        ]
        var world = World([.calls(calls), .text("Yes.")])
        world.environment.grants.read = .only(["\(checkout)/docs/examples"])
        let result = try await agent("weather.lua", in: world).run("Is it colder in Oslo than in Cairo?")
        #expect(result.toolCalls[0].result.content == #"{"celsius":-4,"city":"Oslo","country":"Norway","month":"jan"}"#)
        #expect(result.toolCalls[1].result.content == #"{"celsius":14,"city":"Cairo","country":"Egypt","month":"jan"}"#)
        #expect(result.toolCalls[2].result.content.hasPrefix("no data for Atlantis; known cities: Cairo, London"))
        #expect(result.text == "Yes.")
    }

    @Test func filesListsAndReads() async throws {
        var world = World([
            .call("list_files", #"{"folder":"\#(checkout)/docs/examples"}"#),
            .call("read_file", #"{"path":"\#(checkout)/docs/examples/weather.lua","max_lines":1}"#),
            .text("weather.lua"),
        ])
        world.environment.grants.read = .only(["\(checkout)/docs"])
        let result = try await agent("files.lua", in: world).run("Which example draws on a CSV file?")
        #expect(result.toolCalls[0].result.content.contains("climate.csv"))
        #expect(result.toolCalls[1].result.content.contains("#!/usr/bin/env"))
    }

    @Test func guardedKeepsWhatItPromises() async throws {
        let read = ScriptedModel.Reply.call("read_ticket", #"{"order":8}"#)
        let world = World([read, .text("It will come by Friday. Thank you.")])
        let bot = try await agent("guarded.lua", in: world)
        let result = try await bot.run("I am ada@example.org; what of order 8?")
        #expect(result.messages[0].text == "I am [email]; what of order 8?")
        #expect(result.toolCalls[0].result.content.contains("refund 5000") == false)
        #expect(result.text == "It will come soon. Thank you.")
        #expect(result.guardrails.map(\.guardrail) == ["pii", "prompt_injection", "no_dates"])
    }

    @Test func guardedStopsALargeRefund() async throws {
        let world = World([.call("refund", #"{"order":8,"euros":5000}"#), .text("Done.")])
        let bot = try await agent("guarded.lua", in: world)
        let error = await #expect(throws: RunError.self) { try await bot.run("Refund order 8.") }
        #expect(error?.block?.guardrail == "small_refunds_only" && error?.block?.tool == "refund")
    }

    @Test func chatRemembers() async throws {
        let world = World([.text("Hello Ada."), .text("Ada.")])
        _ = try await run("chat.lua", arguments: ["demo"], in: world)
        #expect(world.output == "> My name is Ada.\nHello Ada.\n> What is my name?\nAda.\n")
        #expect(world.model.requests[1].messages.map(\.text).contains("Hello Ada."))
    }

    @Test func bookGivesAValueAndShowsItWhileItIsWritten() async throws {
        let text = [#"{"name":"Good"#, #" Omens","authors":["Terry"#, #" Pratchett"]}"#]
        let world = World([.text(text)])
        let script = try await run("book.lua", arguments: ["watch"], in: world)
        guard case .value(let value) = script.outcome else { throw RunError(.host, "no value") }
        #expect(value == ["authors": ["Terry Pratchett"], "name": "Good Omens"])
        #expect(world.output.contains(#"{"name":"Good"}"#), "\(world.output)")
        #expect(world.model.requests[0].responseFormat != .text)
    }

    @Test func mealIsAnObjectOfAnyForm() async throws {
        let world = World([.text("```json\n{\"name\":\"Cassoulet\"}\n```")])
        guard case .value(let value) = try await run("meal.lua", in: world).outcome else {
            throw RunError(.host, "no value")
        }
        #expect(value == ["name": "Cassoulet"])
        #expect(world.model.requests[0].responseFormat == .jsonObject)
    }

    // MARK: - Services

    private func value(_ name: String, arguments: [String] = [], with services: FakeServices) async throws -> (
        value: JSONValue?, output: String
    ) {
        var world = World()
        world.environment.services = services
        world.environment.grants = .all
        guard case .value(let value) = try await run(name, arguments: arguments, in: world).outcome else {
            throw RunError(.host, "\(name) returns no value")
        }
        return (value, world.output)
    }

    @Test func embedCountsVectorsAndFindsTheNearest() async throws {
        let services = FakeServices()
        #expect(
            try await value("embed.lua", with: services).value == ["texts": 3, "numbers": 2, "tokens": 12])
        // The vectors of the fake are (0, 0.5), (1, 1.5), (2, 2.5), and that of one text (0, 0.5).
        #expect(
            try await value("embed.lua", arguments: ["How?"], with: services).value
                == "1.25  Passwords are changed in the settings.")
        #expect(services.seen.names == ["mistral-embed", "mistral-embed", "mistral-embed"])
    }

    @Test func ocrGivesMarkdown() async throws {
        let page = OCRPage(index: 0, markdown: "# Title")
        let services = FakeServices(ocr: OCRResponse(fields: [:], pages: [page]))
        #expect(try await value("ocr.lua", with: services).value == "# Title")
        #expect(services.seen.documents.map(\.document) == [.url("https://arxiv.org/pdf/2201.04234")])
        #expect(services.seen.documents.map(\.includeImageBase64) == [true])
    }

    @Test func transcribeGivesText() async throws {
        let services = FakeServices()
        #expect(try await value("transcribe.lua", with: services).value == "This week")
        #expect(services.seen.recordings == [TranscriptionRequest(.url("https://docs.mistral.ai/audio/obama.mp3"))])
    }

    @Test func moderateJudgesTextsAndAConversation() async throws {
        let services = FakeServices()
        #expect(
            try await value("moderate.lua", with: services).output
                == "1\tpii 0.90\n2\tpii 0.90\nconversation\tflagged\n")
        #expect(services.seen.judged.count == 2)
    }

    @Test func batchGivesAnswersInOrder() async throws {
        let line = { (id: String) in
            #"{"custom_id":"\#(id)","response":{"status_code":200,"body":{"choices":[{"message":{"content":"\#(id)"}}]}}}"#
        }
        let services = FakeServices(
            contents: ["out": ["2", "1"].map(line).joined(separator: "\n")],
            jobStates: [["id": "job-1", "status": "SUCCESS", "output_file": "out"]])
        #expect(try await value("batch.lua", arguments: ["Oslo", "Cairo"], with: services).value == ["1", "2"])
        #expect(services.seen.jobs.first?["requests"]?.arrayValue?.count == 2)
    }

    @Test func searchAnswersFromAnIndexWithCitations() async throws {
        let shelf = try IndexShelf()
        var world = World([.call("search_index", #"{"query":"Riesling","limit":1}"#), .text("By the Rhine.")])
        world.environment.indexes = shelf.indexes
        _ = try await shelf.indexes.open(shelf.indexes.defaultPath, model: nil, access: .write).add(
            [shelf.folder.path]) { _ in }
        world.environment.grants.read = .only([shelf.folder.path + "/.agent"])
        let result = try await agent("search.lua", in: world).run("Where does Riesling grow?")
        #expect(result.toolCalls[0].result.content.contains("food.md:5-7"), "\(result.toolCalls[0].result.content)")
        #expect(result.text == "By the Rhine.")
    }
}
