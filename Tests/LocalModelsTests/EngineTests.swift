// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPCore
import HTTPTransports
import HTTPTypes
import JSONCore
import Synchronization
import Testing

@testable import LocalModels

/// The real engine with the small weights, which `scripts/test-engine` has fetched before. What so small a model says is
/// poor; what is tested is that it is asked, heard, stopped and replaced.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["AGENT_TEST_ENGINE"] == "1", "scripts/test-engine"))
final class EngineTests: Sendable {
    private static let name = "smollm2-135m-instruct"
    private let folder: TemporaryFolder
    private let transport = AsyncHTTPClientTransport()

    init() throws { folder = try TemporaryFolder() }

    private func configuration(_ more: [String: String] = [:]) -> LocalConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let own = [
            "XDG_RUNTIME_DIR": folder.path, "AGENT_LOCAL_IDLE": "2", "AGENT_LOCAL_CONTEXT": "2048",
            "AGENT_LOCAL_MODEL": "",
        ]
        return LocalConfiguration { more[$0] ?? own[$0] ?? environment[$0] }
    }

    private func ask(
        _ text: String, tokens: Int = 12, tools: [ToolDefinition] = [], choice: ToolChoice = .auto,
        format: ResponseFormat = .text
    ) -> ModelRequest {
        ModelRequest(
            messages: [.user(text)], tools: tools, toolChoice: choice, responseFormat: format,
            options: ModelOptions(maxTokens: tokens), streams: true)
    }

    private func facts() throws -> JSONValue {
        let root = folder.path + "/agent"
        let key = try #require(FileManager.default.contentsOfDirectory(atPath: root).first)
        return try JSONValue(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(root)/\(key)/ready"))))
    }

    /// Whether the engine's one slot works at something.
    private func isBusy() async throws -> Bool {
        let socket = try facts()["http"]?.stringValue
        let request = HTTPTransportRequest(
            method: .get, url: try HTTPURL(parsing: "http://localhost/slots"), headerFields: [.connection: "close"],
            socketPath: socket)
        return try await transport.withResponse(to: request, timeouts: HTTPTimeouts()) { _, body in
            let slots = try JSONValue(parsing: await body.prefix(upTo: 1 << 20))
            return slots[0]?["is_processing"]?.boolValue ?? true
        }
    }

    @Test func itAnswersCallsAndFillsIn() async throws {
        let model = LocalModels(configuration(), transport: transport).model(named: Self.name)
        let pieces = Mutex(0)
        let plain = try await model.respond(to: ask("Say hello.")) { event in
            if case .text = event { pieces.withLock { $0 += 1 } }
        }
        #expect(!plain.message.text.isEmpty)
        #expect(pieces.withLock { $0 } > 1)
        #expect((plain.usage?.completionTokens ?? 0) > 0)

        let schema: JSONValue = [
            "type": "object", "properties": ["n": ["type": "integer", "minimum": 0, "maximum": 9]], "required": ["n"],
            "additionalProperties": false,
        ]
        let called = try await model.respond(
            to: ask(
                "Press key 3.", tokens: 300, tools: [ToolDefinition(name: "press", parameters: schema)],
                choice: .named("press"))
        ) { _ in }
        #expect(called.finishReason == .toolCalls)
        #expect(called.message.toolCalls.first?.name == "press")

        let filled = try await model.respond(
            to: ask(
                "Name a number.", tokens: 100, format: .jsonSchema(name: "number", schema: schema, strict: true))
        ) { _ in }
        #expect(try JSONValue(parsing: filled.message.text)["n"]?.integerValue != nil)
        await transport.shutdown()
    }

    @Test func aWarmRunNeedsNoPython() async throws {
        let first = LocalModels(configuration(), transport: transport).model(named: Self.name)
        _ = try await first.respond(to: ask("Hi", tokens: 2)) { _ in }
        let second = LocalModels(configuration(["PATH": "", "AGENT_PYTHON": ""]), transport: transport)
        #expect(second.configuration.python == nil)
        _ = try await second.model(named: Self.name).respond(to: ask("Hi", tokens: 2)) { event in
            if case .progress(let text) = event { Issue.record("a warm run does not say: \(text)") }
        }
        await transport.shutdown()
    }

    @Test(arguments: [true, false]) func aCancelledRequestFreesTheEngine(streams: Bool) async throws {
        let model = LocalModels(configuration(), transport: transport).model(named: Self.name)
        _ = try await model.respond(to: ask("Hi", tokens: 2)) { _ in }
        var long = ask("Count from 1 to 1000, one number a line.", tokens: 1900)
        long.options.extra["ignore_eos"] = true
        long.streams = streams
        let (request, began) = (long, AsyncStream<Void>.makeStream())
        let run = Task {
            try await model.respond(to: request) { event in
                if case .text = event { began.continuation.finish() }
            }
        }
        if streams { for await _ in began.stream {} } else { while try await !isBusy() { await Task.yield() } }
        #expect(try await isBusy())
        let clock = ContinuousClock()
        let start = clock.now
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        while try await isBusy(), clock.now - start < .seconds(10) { await Task.yield() }
        // 1900 tokens would take more than 20 s.
        #expect(clock.now - start < .seconds(5))
        await transport.shutdown()
    }

    @Test func aKilledEngineIsStartedAgain() async throws {
        let model = LocalModels(configuration(), transport: transport).model(named: Self.name)
        _ = try await model.respond(to: ask("Hi", tokens: 2)) { _ in }
        let first = try #require(try facts()["pid"]?.integerValue)
        kill(pid_t(first), SIGKILL)
        _ = try await model.respond(to: ask("Hi", tokens: 2)) { _ in }
        let second = try #require(try facts()["pid"]?.integerValue)
        #expect(first != second)

        // And once more while it works, before it has said anything.
        let busy = Task {
            try await model.respond(to: self.ask("word " + String(repeating: "go on ", count: 400))) { _ in }
        }
        while try await !isBusy() { await Task.yield() }
        kill(pid_t(second), SIGKILL)
        _ = try await busy.value
        #expect(try facts()["pid"]?.integerValue != second)
        await transport.shutdown()
    }

    @Test func manyRunsQueueAndAllAreAnswered() async throws {
        let local = LocalModels(configuration(), transport: transport)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let model = local.model(named: Self.name)
                    return try await model.respond(to: self.ask("Hi \(number)", tokens: 3)) { _ in }.message.text.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 40)
        let engines = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/agent")
        #expect(engines.count == 1)
        await transport.shutdown()
    }

    @Test func twoModelsHaveTwoEngines() async throws {
        let path = configuration().cacheDirectory + "/models/smollm2-135m-instruct-q4_1.gguf"
        let local = LocalModels(configuration(["AGENT_LOCAL_MODEL": path]), transport: transport)
        async let own = local.model(named: nil).respond(to: ask("Hi", tokens: 3)) { _ in }
        async let fetched = local.model(named: Self.name).respond(to: ask("Hi", tokens: 3)) { _ in }
        #expect(try await own.message.text == fetched.message.text)
        let engines = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/agent")
        #expect(engines.count == 2)
        await transport.shutdown()
    }

    @Test func aConversationThatIsTooLongIsToldWithNumbers() async throws {
        let model = LocalModels(configuration(), transport: transport).model(named: Self.name)
        let error = await #expect(throws: ModelError.self) {
            try await model.respond(to: self.ask(String(repeating: "word ", count: 3000))) { _ in }
        }
        #expect(error?.code == .contextTooLong)
        #expect(error?.message.contains("exceeds the available context size (2048 tokens)") == true)
        #expect(error?.message.hasSuffix("AGENT_LOCAL_CONTEXT sets the local model's") == true)
        await transport.shutdown()
    }

    @Test func aModelFileThatCannotBeLoadedIsNamed() async throws {
        let path = try folder.write("GGUF" + String(repeating: "\0", count: 2000), to: "broken.gguf")
        let local = LocalModels(configuration(["AGENT_LOCAL_MODEL": path]), transport: transport)
        let error = await #expect(throws: ModelError.self) {
            try await local.model(named: nil).respond(to: self.ask("Hi")) { _ in }
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains(path) == true)
        await transport.shutdown()
    }
}
