// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPCore
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

/// What callers see of each fault: the table of docs/mistral-api.md. Waits are those of a clock that never waits.
@Suite(.timeLimit(.minutes(10))) struct FaultTableTests {
    private typealias Reply = @Sendable (FakeRequest) async -> FakeReply

    /// The error of `service` when the server always answers with `reply`, and how often it was asked.
    private func outcome(
        _ service: FaultyService, timeouts: HTTPTimeouts = HTTPTimeouts(), _ reply: @escaping Reply
    ) async throws -> (error: ModelError?, requests: Int, sleeps: [Duration]) {
        var outcome: (ModelError?, Int, [Duration]) = (nil, 0, [])
        try await FaultyWorld.with(timeouts: timeouts, reply) { world in
            let error = await world.failure(of: service)
            #expect(error?.description.contains("the-Key-7F3a") != true)
            outcome = (error, world.server.requests.count, world.clock.sleeps)
        }
        return outcome
    }

    // MARK: Refusals that pass

    @Test(
        arguments: FaultyService.allCases,
        [
            ([("retry-after", "7")], 7), ([("retry-after-ms", "250")], 0.25),
            (
                [("date", "Fri, 27 Nov 2026 12:00:00 GMT"), ("retry-after", "Fri, 27 Nov 2026 12:00:09 GMT")], 9
            ),
        ] as [([(String, String)], Double)])
    func waitsAsLongAsTheServerAsks(service: FaultyService, wait: ([(String, String)], Double)) async throws {
        let outcome = try await outcome(service) { request in
            request.index == 0
                ? .json(["message": "Rate limit exceeded"], status: 429, headers: wait.0) : .json(service.answer)
        }
        #expect(outcome.error == nil)
        #expect(outcome.requests == 2)
        #expect(outcome.sleeps == [.seconds(wait.1)])
    }

    @Test(arguments: FaultyService.allCases) func givesUpWhenAskedToWaitTooLong(service: FaultyService) async throws {
        let outcome = try await outcome(service) { _ in
            .json(["message": "Rate limit exceeded"], status: 429, headers: [("retry-after", "3600")])
        }
        #expect(outcome.error?.code == .rateLimited)
        #expect(outcome.error?.message.contains("asks to wait 3600.0 seconds, more than the limit of 60.0") == true)
        #expect(outcome.requests == 1)
    }

    @Test(arguments: FaultyService.allCases, [429, 503]) func asksFourTimes(
        service: FaultyService, status: Int
    ) async throws {
        let outcome = try await outcome(service) { _ in .json(["message": "Not now"], status: status) }
        #expect(outcome.error?.code == (status == 429 ? .rateLimited : .server))
        #expect(outcome.error?.message.hasSuffix("Not now; asked 4 times") == true)
        #expect(outcome.requests == 4)
        #expect(outcome.sleeps == [.milliseconds(500), .seconds(1), .seconds(2)])
    }

    // MARK: Failures after which the server may have done its work

    @Test(arguments: FaultyService.allCases) func repeatsOnlyWhatDoesNothingTwice(service: FaultyService) async throws {
        let closing = FakeReply(steps: [.close])
        let failing = FakeReply.json(["message": "x"], status: 500)
        for (reply, code) in [(closing, ModelError.Code.transport), (failing, .server)] {
            let outcome = try await outcome(service) { _ in reply }
            #expect(outcome.error?.code == code)
            #expect(outcome.requests == (service.isRepeatable ? 4 : 1))
            let end =
                service.isRepeatable ? "asked 4 times" : "it was not sent again, since the server may have done it"
            #expect(outcome.error?.message.hasSuffix(end) == true, "\(String(describing: outcome.error))")
        }
    }

    @Test(arguments: FaultyService.allCases) func tellsARefusedConnection(service: FaultyService) async throws {
        try await FaultyWorld.with({ _ in .silence }) { world in
            let gone = try await FakeModelServer.start { _ in .silence }
            let url = gone.url
            await gone.shutdown()
            let transport = AsyncHTTPClientTransport()
            let client = try MistralClient(
                apiKey: "k", serverURL: url, transport: transport, clock: InstantClock())
            let nowhere = FaultyWorld(client: client, server: world.server, clock: world.clock, file: world.file)
            let error = await nowhere.failure(of: service)
            await transport.shutdown()
            #expect(error?.code == .transport)
            #expect(
                error?.message.contains("connection refused; asked 4 times") == true, "\(String(describing: error))")
        }
    }

    // MARK: Answers that do not end

    @Test(arguments: FaultyService.allCases) func tellsAnAnswerThatIsCut(service: FaultyService) async throws {
        let head = Array("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"a\":".utf8)
        let outcome = try await outcome(service) { _ in FakeReply(steps: [.bytes(head), .close]) }
        #expect(outcome.error?.code == .cut, "\(String(describing: outcome.error))")
        #expect(outcome.requests == 1)
    }

    @Test(arguments: FaultyService.allCases) func doesNotWaitLongerThanItsTimeouts(service: FaultyService) async throws
    {
        let first = FakeReply.streamHead([("content-type", "application/json")]) + FakeReply.chunk(Array("{\"a\"".utf8))
        // A server that dribbles: each piece comes in time, all of them never.
        let dribbling = FakeReply(
            steps: [.bytes(first)] + Array(repeating: .bytes(FakeReply.chunk([0x20])), count: 200) + [.hang])
        for (timeouts, reply) in [
            (HTTPTimeouts(firstByte: .milliseconds(50)), FakeReply.silence),
            (HTTPTimeouts(firstByte: .milliseconds(50)), FakeReply(steps: [.bytes(Array("HTTP/1.1 2".utf8)), .hang])),
            (HTTPTimeouts(idle: .milliseconds(50)), FakeReply(steps: [.bytes(first), .hang])),
            (HTTPTimeouts(idle: nil, total: .milliseconds(150)), dribbling),
        ] {
            let outcome = try await outcome(service, timeouts: timeouts) { _ in reply }
            #expect(outcome.error?.code == .timeout, "\(String(describing: outcome.error))")
            // A busy server may not have seen it in so short a time; twice it must not be sent.
            #expect(outcome.requests <= 1)
        }
    }

    // MARK: Answers that are not what was asked for

    @Test(arguments: FaultyService.allCases) func tellsAnAnswerOfAnotherKind(service: FaultyService) async throws {
        for text in ["<!DOCTYPE html><title>Welcome</title>", "", "\u{0}\u{1B}", "[]", "17"] {
            let outcome = try await outcome(service) { _ in
                FakeReply(headers: [("content-type", "text/html")], text: text)
            }
            // An upload takes any JSON for the card of the file.
            if service == .upload, ["[]", "17"].contains(text) { continue }
            #expect(outcome.error?.code == .invalidResponse, "\(text): \(String(describing: outcome.error))")
            #expect(outcome.requests == 1)
        }
    }

    @Test(arguments: FaultyService.allCases, [307, 308]) func keepsTheKeyFromOtherHosts(
        service: FaultyService, status: Int
    ) async throws {
        try await FakeModelServer.with(reply: { _ in .json(service.answer) }) { other in
            let outcome = try await outcome(service) { _ in
                FakeReply(status: status, headers: [("location", "http://localhost:\(other.port)/elsewhere")])
            }
            #expect(outcome.error == nil, "\(String(describing: outcome.error))")
            #expect(other.requests.count == 1)
            #expect(other.requests.first?.header("authorization") == nil)
            #expect(other.requests.first?.body.isEmpty == false)
        }
    }

    @Test func refusesAnAnswerWithoutEnd() async throws {
        let megabyte = FakeReply.chunk(Array(repeating: 0x20, count: 1 << 20))
        let endless = FakeReply(
            steps: [.bytes(FakeReply.streamHead())] + Array(repeating: .bytes(megabyte), count: 258) + [.hang])
        let outcome = try await outcome(.embed) { _ in endless }
        #expect(outcome.error?.code == .invalidResponse)
        #expect(outcome.error?.message.contains("larger than 256 MiB") == true)
    }

    /// The title of a page was shown in small letters, in which the key was not found; a long message was cut through it.
    @Test(arguments: FaultyService.allCases) func neverShowsTheKey(service: FaultyService) async throws {
        let key = "the-Key-7F3a"
        for (body, type) in [
            ("<html><title>Bad Gateway \(key)</title></html>", "text/html"),
            (#"{"detail":"\#(key)"}"#, "application/json"),
            (#"{"message":"\#(String(repeating: "x", count: 495))\#(key)"}"#, "application/json"), (key, "text/plain"),
            (#"{"object":"error","message":"a","type":"\#(key)","code":"\#(key)"}"#, "application/json"),
        ] {
            let outcome = try await outcome(service) { _ in
                FakeReply(status: 400, headers: [("content-type", type), ("x-request-id", key)], text: body)
            }
            #expect(outcome.error?.status == 400)
            let said = outcome.error.map { "\($0) \($0.requestID ?? "") \($0.providerCode ?? "")" } ?? ""
            #expect(!said.lowercased().contains("the-key"), "\(said)")
        }
    }

    // MARK: Uploads

    @Test(arguments: FaultyService.allCases.filter(\.sendsFile)) func readsARefusalDuringAnUpload(
        service: FaultyService
    ) async throws {
        let page = "<html><head><title>413 Request Entity Too Large</title></head></html>"
        let answer = FakeReply(
            status: 413, headers: [("content-type", "text/html"), ("connection", "close")], text: page)
        for reply in [answer, FakeReply(steps: answer.steps + [.close])] {
            try await FaultyWorld.with(fileBytes: 32 << 20, readsBodies: false, { _ in reply }) { world in
                let error = await world.failure(of: service)
                #expect(error?.status == 413, "\(String(describing: error))")
                #expect(error?.message.contains("413 Request Entity Too Large") == true)
            }
        }
    }

    @Test(arguments: FaultyService.allCases.filter(\.sendsFile)) func doesNotWaitForAServerThatNeverReads(
        service: FaultyService
    ) async throws {
        try await FaultyWorld.with(
            timeouts: HTTPTimeouts(idle: .milliseconds(100)), fileBytes: 32 << 20, readsBodies: false, { _ in .silence }
        ) { world in
            let error = await world.failure(of: service)
            #expect(error?.code == .timeout, "\(String(describing: error))")
        }
    }
}
