// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import FakeModelServer
import HTTPCore
import HTTPTransports
import JSONCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ChatCompletionsModelTests {
    private let hello = ModelRequest(messages: [.user("hi")])
    private let helloStream = ModelRequest(messages: [.user("hi")], streams: true)

    @Test func asksAndAnswers() async throws {
        try await withModel { _ in
            .completion("Comté")
        } _: { model, server, _ in
            let response = try await model.respond(to: hello) { _ in }
            #expect(response.message == .assistant("Comté"))
            let request = try #require(server.requests.first)
            #expect(request.path == "/v1/chat/completions")
            #expect(request.header("authorization") == "Bearer KEY-1234")
            #expect(request.header("accept") == "application/json")
            #expect(request.header("content-type") == "application/json")
            let wire = try model.wireRequest(for: hello)
            #expect(try request.json == wire)
        }
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func streams(lineEnding: String) async throws {
        try await withModel { _ in
            .stream(["Com", "té 🧀"], lineEnding: lineEnding).byteByByte()
        } _: { model, server, _ in
            let seen = Recorder()
            let response = try await model.respond(to: helloStream) { seen.note($0) }
            #expect(response.message == .assistant("Comté 🧀"))
            #expect(response.usage == Usage(promptTokens: 11, completionTokens: 7))
            #expect(seen.events == [.text("Com"), .text("té 🧀")])
            #expect(server.requests.first?.header("accept") == "text/event-stream")
        }
    }

    @Test(arguments: [1, 3, 100]) func streamsCalls(pieces: Int) async throws {
        let calls = [
            FakeCall(id: "a1B2c3D4e", name: "f", arguments: #"{"city":"Oslo"}"#), FakeCall(name: "g", arguments: "{}"),
        ]
        try await withModel { _ in
            .stream(calls: calls, pieces: pieces)
        } _: { model, _, _ in
            let response = try await model.respond(to: helloStream) { _ in }
            #expect(response.finishReason == .toolCalls)
            #expect(
                response.message.toolCalls == calls.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments) })
        }
    }

    @Test func takesAWholeAnswerWhereAStreamWasAskedFor() async throws {
        try await withModel { _ in
            .completion("x")
        } _: { model, _, _ in
            let response = try await model.respond(to: helloStream) { _ in }
            #expect(response.message.text == "x")
        }
    }

    @Test func talksToAUnixSocket() async throws {
        let path = "/tmp/agent-chat-\(UInt32.random(in: 0 ... .max)).sock"
        try await FakeModelServer.with(on: .unixSocket(path)) { _ in
            .completion("local")
        } _: { _ in
            let transport = AsyncHTTPClientTransport()
            let model = try ChatCompletionsModel(
                name: "local", baseURL: "http://localhost/v1", transport: transport, socketPath: path)
            let response = try await model.respond(to: hello) { _ in }
            await transport.shutdown()
            #expect(response.message.text == "local")
        }
    }

    @Test func repeatsWhatPasses() async throws {
        try await withModel { request in
            switch request.index {
            case 0: FakeReply(status: 429, headers: [("retry-after", "7")], text: #"{"message":"slow down"}"#)
            case 1: FakeReply(status: 503, text: "<html></html>")
            case 2: FakeReply(steps: [.close])
            default: .completion("at last")
            }
        } _: { model, server, clock in
            let seen = Recorder()
            let response = try await model.respond(to: hello) { seen.note($0) }
            #expect(response.message.text == "at last")
            #expect(clock.sleeps == [.seconds(7), .seconds(1), .seconds(2)])
            #expect(server.requests.count == 4)
            let attempts = seen.events.map { if case .retrying(let attempt, _, _) = $0 { attempt } else { 0 } }
            #expect(attempts == [1, 2, 3])
        }
    }

    @Test func givesUpAfterFourAttempts() async throws {
        try await withModel { _ in
            FakeReply(status: 500, text: "")
        } _: { model, server, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: hello) { _ in } }
            #expect(error?.code == .server)
            #expect(error?.message.contains("asked 4 times") == true)
            #expect(server.requests.count == 4)
        }
    }

    @Test(arguments: [400, 401, 402, 403, 404, 422]) func neverRepeats(status: Int) async throws {
        let reply = FakeReply(status: status, headers: [("retry-after", "1")], text: "{}")
        try await withModel { _ in
            reply
        } _: { model, server, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: helloStream) { _ in } }
            #expect(error?.status == status)
            #expect(server.requests.count == 1)
        }
    }

    @Test func tellsAWaitThatIsTooLong() async throws {
        try await withModel { _ in
            FakeReply(status: 429, headers: [("retry-after", "3600")], text: "{}")
        } _: {
            model, server, clock in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: hello) { _ in } }
            #expect(error?.code == .rateLimited)
            #expect(error?.retryAfter == .seconds(3600))
            #expect(error?.message.contains("3600") == true)
            #expect(server.requests.count == 1)
            #expect(clock.sleeps.isEmpty)
        }
    }

    @Test func neverRepeatsAfterTheFirstToken() async throws {
        let reply = FakeReply(
            steps: Array(FakeReply.stream(["one ", "two"]).steps.prefix(4)) + [.close])
        try await withModel { _ in
            reply
        } _: { model, server, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: helloStream) { _ in } }
            #expect(error?.code == .cut)
            #expect(error?.partialText == "one two")
            #expect(server.requests.count == 1)
        }
    }

    @Test func tellsAStreamThatStops() async throws {
        // Sent at once, so that no silence between the pieces counts.
        let begun = FakeReply.stream(["one ", "two"]).steps.prefix(3).flatMap { step -> [UInt8] in
            if case .bytes(let bytes) = step { bytes } else { [] }
        }
        let reply = FakeReply(steps: [.bytes(begun), .hang])
        try await withModel(timeouts: .init(idle: .milliseconds(20))) { _ in
            reply
        } _: { model, server, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: helloStream) { _ in } }
            #expect(error?.code == .timeout)
            #expect(error?.partialText == "one ")
            await server.connectionsClosed()
        }
    }

    @Test func toleratesACutBehindTheLastWord() async throws {
        let reply = FakeReply(steps: Array(FakeReply.stream(["one"]).steps.dropLast()) + [.close])
        try await withModel { _ in
            reply
        } _: { model, _, _ in
            let response = try await model.respond(to: helloStream) { _ in }
            #expect(response.message.text == "one")
        }
    }

    @Test(arguments: ["", "<html>", "oops"]) func tellsASuccessThatIsNone(body: String) async throws {
        for request in [hello, helloStream] {
            try await withModel { _ in
                FakeReply(headers: [("content-type", "text/html")], text: body)
            } _: { model, _, _ in
                let error = await #expect(throws: ModelError.self) { try await model.respond(to: request) { _ in } }
                #expect(error?.code == .invalidResponse)
            }
        }
    }

    @Test func takesAnErrorOfTheStreamAsSuch() async throws {
        let events = [#"{"choices":[{"delta":{"content":"half"}}]}"#, #"{"error":{"code":500,"message":"boom"}}"#]
        try await withModel { _ in
            .events(events)
        } _: { model, _, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: helloStream) { _ in } }
            #expect(error?.code == .server)
            #expect(error?.partialText == "half")
        }
    }

    @Test func keepsTheKeyOutOfErrors() async throws {
        let reply = FakeReply(
            status: 401, text: #"{"error":{"message":"Incorrect API key: KEY-1234","code":"KEY-1234"}}"#)
        try await withModel { _ in
            reply
        } _: { model, _, _ in
            let error = await #expect(throws: ModelError.self) { try await model.respond(to: hello) { _ in } }
            #expect(error?.description.contains("***") == true)
            #expect(error.map { "\($0)" + String(reflecting: $0) }?.contains("KEY-1234") == false)
        }
    }

    @Test func cancellingClosesTheConnection() async throws {
        let reply = FakeReply(steps: Array(FakeReply.stream(["one"]).steps.prefix(3)) + [.hang])
        try await withModel { _ in
            reply
        } _: { model, server, _ in
            let begun = Gate()
            let request = helloStream
            let task = Task { try await model.respond(to: request) { _ in begun.open() } }
            await begun.pass()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await server.connectionsClosed()
        }
    }

    @Test func whatTheObserverThrowsEndsTheCall() async throws {
        struct Enough: Error {}
        let reply = FakeReply(steps: Array(FakeReply.stream(["one"]).steps.prefix(3)) + [.hang])
        try await withModel { _ in
            reply
        } _: { model, server, _ in
            await #expect(throws: Enough.self) { try await model.respond(to: helloStream) { _ in throw Enough() } }
            await server.connectionsClosed()
        }
    }

    @Test func tellsARefusedConnection() async throws {
        let server = try await FakeModelServer.start { _ in .silence }
        await server.shutdown()
        let transport = AsyncHTTPClientTransport()
        let clock = InstantClock()
        let model = try ChatCompletionsModel(
            name: "m", baseURL: "http://127.0.0.1:\(server.port == 0 ? 1 : server.port)/v1", transport: transport,
            clock: clock)
        let error = await #expect(throws: ModelError.self) { try await model.respond(to: hello) { _ in } }
        #expect(error?.code == .transport)
        #expect(clock.sleeps.count == 3)
        await transport.shutdown()
    }

    @Test(arguments: ["", "api.mistral.ai", "ftp://x", "http://user:pw@x"]) func refusesABadAddress(url: String) {
        let error = #expect(throws: ModelError.self) {
            try ChatCompletionsModel(name: "m", baseURL: url, transport: AsyncHTTPClientTransport())
        }
        #expect(error?.code == .configuration)
    }

    @Test(arguments: ["", " \n", "a b", "ключ"]) func refusesABadKey(key: String) {
        let error = #expect(throws: ModelError.self) {
            try ChatCompletionsModel(name: "m", baseURL: "http://x", apiKey: key, transport: AsyncHTTPClientTransport())
        }
        #expect(error?.code == .configuration)
    }
}

final class Recorder: Sendable {
    private let seen = Mutex<[ModelEvent]>([])
    var events: [ModelEvent] { seen.withLock(\.self) }
    func note(_ event: ModelEvent) { seen.withLock { $0.append(event) } }
}

/// Runs `body` with a model whose key is `KEY-1234`, which waits on an instant clock with full jitter.
private func withModel(
    timeouts: HTTPTimeouts = HTTPTimeouts(), reply: @escaping @Sendable (FakeRequest) async -> FakeReply,
    _ body: (ChatCompletionsModel, FakeModelServer, InstantClock) async throws -> Void
) async throws {
    let transport = AsyncHTTPClientTransport()
    let clock = InstantClock()
    do {
        try await FakeModelServer.with(reply: reply) { server in
            let model = try ChatCompletionsModel(
                name: "m", baseURL: server.url + "/v1/", apiKey: " KEY-1234\n", transport: transport,
                timeouts: timeouts,
                clock: clock, jitter: { 1 })
            try await body(model, server, clock)
        }
        await transport.shutdown()
    } catch {
        await transport.shutdown()
        throw error
    }
}
