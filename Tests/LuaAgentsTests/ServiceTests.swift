// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

/// What scripts get from services, and what services are asked.
@Suite(.inBothStrengths) struct ServiceTests {
    private func world(_ services: FakeServices) -> World {
        var world = World()
        world.environment.services = services
        return world
    }

    // MARK: - Embeddings

    @Test func embedGivesListsOfNumbersWithUsageAndModel() async throws {
        let services = FakeServices()
        let value = try await world(services).value(
            """
            local v = require("agent").embed({ "a", "b" }, { model = "mistral-embed", output_dimension = 2 })
            return { #v, v[2], math.type(v[1][1]), v.usage.total_tokens, v.model }
            """)
        #expect(value == [2, [1.0, 1.5], "float", 12, "fake-embed"])
        #expect(services.seen.embeddings == [EmbeddingRequest(["a", "b"], outputDimension: 2)])
        #expect(services.seen.names == ["mistral-embed"])
    }

    @Test func aSingleTextGivesAListWithOneVector() async throws {
        let value = try await world(FakeServices()).value("return #require('agent').embed('a')")
        #expect(value == 1)
    }

    @Test func vectorsAreAPlainListForJSON() async throws {
        let value = try await world(FakeServices()).value("return require('agent').embed({ 'a', 'b' })")
        #expect(value == [[0.0, 0.5], [1.0, 1.5]])
    }

    @Test func quantizedVectorsHoldIntegers() async throws {
        let value = try await world(FakeServices()).value(
            "return require('agent').embed({ 'a', 'b' }, { output_dtype = 'int8', encoding_format = 'base64' })")
        #expect(value == [[0, -1], [1, -1]])
    }

    @Test func noTextsAskNothing() async throws {
        let services = FakeServices()
        let value = try await world(services).value("return #require('agent').embed({})")
        #expect(value == 0)
        #expect(services.seen.embeddings.isEmpty)
    }

    // MARK: - Recordings

    @Test func transcribeGivesTheProvidersFieldsAndWhatTheyLack() async throws {
        let services = FakeServices()
        let value = try await world(services).value(
            """
            local tr = require("agent").transcribe("https://example.test/obama.mp3",
              { model = "voxtral-mini-latest", diarize = true, context_bias = { "Chicago" }, timestamp_granularities = "word" })
            return { tr.text, tr.segments[1].speaker_id, tr.language, tr.new_field, tr.usage ~= nil }
            """)
        #expect(value == ["This week", "A", "en", 1, true])
        #expect(
            services.seen.recordings == [
                TranscriptionRequest(
                    .url("https://example.test/obama.mp3"), diarize: true, contextBias: ["Chicago"],
                    timestampGranularities: ["word"])
            ])
    }

    @Test func onTextHearsThePiecesWhileTheyArrive() async throws {
        let services = FakeServices()
        let value = try await world(services).value(
            """
            local heard = {}
            local tr = require("agent").transcribe({ file_id = "f1" }, { on_text = function(t) heard[#heard + 1] = t end })
            return { heard, tr.text }
            """)
        #expect(value == [["This ", "week"], "This week"])
        #expect(services.seen.recordings == [TranscriptionRequest(.uploaded(id: "f1"), streams: true)])
    }

    @Test func anErrorInOnTextIsTheScripts() async {
        let error = await world(FakeServices()).error(
            "local agent = require 'agent'\nagent.transcribe('https://e.test/a', { on_text = function() error('no') end })"
        )
        #expect(error.contains("test.lua:2:") && error.contains("no"), "\(error)")
    }

    // MARK: - Moderation

    @Test func textsAndConversationsAreToldApart() async throws {
        let services = FakeServices()
        let value = try await world(services).value(
            """
            local agent = require "agent"
            local m = agent.moderate { "text 1", "text 2" }
            agent.moderate "one"
            agent.moderate { { role = "user", content = "a" }, { role = "assistant", content = "b" } }
            local c = agent.moderate({ { { role = "user", content = "c" } }, { { role = "user", content = "d" } } }, { model = "m" })
            return { #m, m[1].flagged, m[1].categories.pii, m[1].category_scores.pii, m.usage.prompt_tokens, m.id, #c }
            """)
        #expect(value == [2, true, true, 0.9, 3, "mod-1", 2])
        #expect(
            services.seen.judged == [
                .texts(["text 1", "text 2"]), .texts(["one"]), .conversations([[.user("a"), .assistant("b")]]),
                .conversations([[.user("c")], [.user("d")]]),
            ])
        #expect(services.seen.names == [nil, nil, nil, "m"])
    }

    @Test func aClassifierNamesItsOwnFields() async throws {
        let value = try await world(FakeServices()).value(
            "local c = require('agent').classify('a', { model = 'mine' }) return { c[1].categories.pii, c[1].flagged == nil }"
        )
        #expect(value == [true, true])
    }

    // MARK: - Failures

    @Test(arguments: [
        "agent.embed('a')", "agent.ocr('https://e.test/a.pdf')", "agent.transcribe('https://e.test/a.mp3')",
        "agent.moderate('a')", "agent.classify('a', { model = 'm' })", "agent.models()", "agent.files.list()",
        "agent.batch.get('j')",
        "agent.batch.wait('j')", "agent.files.url('f')",
    ])
    func aFailureIsNilAndAReason(call: String) async throws {
        let services = FakeServices(failure: ModelError(.server, "the server is down", status: 503))
        let value = try await world(services).value(
            "local agent = require 'agent'\nlocal v, why = \(call)\nreturn { v == nil, why }")
        #expect(value == [true, "the server is down (HTTP 503)"])
    }

    @Test(arguments: [
        ("agent.embed(7)", "expected a text or a list of texts, found integer"),
        ("agent.embed({ 'a', 7 })", "item 2: expected a string, found integer"),
        ("agent.embed('a', { modle = 'x' })", "unknown option 'modle'; it knows model, output_dimension"),
        ("agent.embed('a', { output_dimension = 0 })", "output_dimension: expected 1 or more, found 0"),
        ("agent.embed('a', { output_dtype = 'half' })", "output_dtype: expected one of \"float\""),
        ("agent.embed('a', 'mistral-embed')", "options: expected a table, found string"),
        ("agent.transcribe('https://e.test/a', { language = 'english' })", "language: expected two letters"),
        ("agent.transcribe('https://e.test/a', { temperature = -1 })", "temperature: expected 0"),
        ("agent.transcribe('https://e.test/a', { context_bias = 'New York' })", "without commas and spaces"),
        (
            "agent.transcribe('https://e.test/a', { language = 'en', timestamp_granularities = 'word' })",
            "exclude each other"
        ),
        ("agent.transcribe('https://e.test/a', { on_text = 1 })", "on_text: expected a function, found number"),
        ("agent.transcribe()", "expected a URL, a path or { file_id = … }, found nil"),
        ("agent.ocr('https://e.test/a', { pages = '2-1' })", "pages: expected pages from 0"),
        ("agent.ocr('https://e.test/a', { table_format = 'csv' })", "table_format: expected one of"),
        ("agent.ocr('https://e.test/a', { document_annotation_prompt = 'x' })", "needs document_annotation"),
        ("agent.ocr('https://e.test/a', { document_annotation = { type = 'oops' } })", "document_annotation"),
        ("agent.ocr('https://e.test/a', { document_annotation_format = {} })", "json_schema = { name"),
        ("agent.moderate({ { role = 'robot' } })", "messages[1].role"),
        ("agent.moderate({ 'a', { role = 'user' } })", "item 2: expected a string"),
        ("agent.moderate()", "expected a text or a list of texts, found nil"),
        ("agent.classify('a')", "agent.classify: model: expected the id of a classifier"),
        ("agent.files.upload('a.bin')", "purpose: expected"),
        ("agent.files.url('f', 0)", "hours: expected 1 or more"),
        ("agent.files.list { purpos = 'ocr' }", "unknown option 'purpos'"),
        ("agent.batch.create { requests = {} }", "requests: expected 1 to 10000"),
        ("agent.batch.create { requests = { { custom_id = '1' } } }", "requests[1]: body: expected a table"),
        (
            "agent.batch.create { requests = { { custom_id = '1', body = {} }, { custom_id = '1', body = {} } } }",
            "requests[2]: custom_id \"1\" is there twice"
        ),
        ("agent.batch.create { input_files = { 'f' }, timeout_hours = 200 }", "timeout_hours: expected 1 to 168"),
        ("agent.batch.create {}", "expected input_files"),
        ("agent.embed('a', { model = 'no-key' })", "MISTRAL_API_KEY is not set"),
    ])
    func misuseIsSaidWithItsLine(call: String, says: String) async {
        let error = await world(FakeServices()).error("local agent = require 'agent'\nlocal v = \(call)")
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func aHostWithoutServicesSaysSo() async {
        let error = await World().error("local agent = require 'agent'\nlocal v = agent.embed('a')")
        #expect(error.contains("test.lua:2: this host offers no services but chat"), "\(error)")
    }

    @Test func whatServicesUseIsAddedUp() async throws {
        let ledger = UsageLedger()
        var world = World()
        world.environment.services = MeteredServices(FakeServices(), ledger: ledger)
        _ = try await world.value(
            """
            local agent = require "agent"
            agent.embed "a" agent.moderate "a" agent.transcribe "https://e.test/a" agent.ocr "https://e.test/a"
            """)
        let usage = ledger.totals.usage
        #expect((usage.totalTokens, usage.audioSeconds) == (15, 203))
        #expect(ledger.totals.models.reduce(0) { $0 + $1.calls } == 4)
    }

    @Test(arguments: ["agent.embed('a')", "agent.ocr('a')", "agent.models()", "agent.batch.get('a')"])
    func inspectionStopsAtAService(call: String) async throws {
        let services = FakeServices()
        let found = try await ScriptInspection.inspect(
            Array("local agent = require 'agent'\nlocal v = \(call)".utf8), name: "test.lua",
            in: world(services).environment)
        let operation = call.split(separator: "(").first.map(String.init) ?? ""
        #expect(found.kind == .worksItself(operation: operation, position: "test.lua:2"))
        #expect(services.seen.names.isEmpty && services.seen.calls.isEmpty)
    }
}
