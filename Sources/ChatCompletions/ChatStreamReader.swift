// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore

/// From the bytes of a streamed answer to its events and its response.
struct ChatStreamReader: Sendable {
    private let service: String
    private var events = ServerSentEventsDecoder()
    private var decoder: ChatStreamDecoder
    /// The first bytes, to tell what came when there were no events in them.
    private var opening: [UInt8] = []
    private var sawEvent = false

    init(service: String) {
        self.service = service
        decoder = ChatStreamDecoder(service: service)
    }

    /// Whether anything of an answer has come.
    private(set) var hasBegun = false
    var isDone: Bool { decoder.isDone }

    mutating func receive(_ bytes: [UInt8]) throws(ModelError) -> [ModelEvent] {
        hasBegun = true
        if !sawEvent, opening.count < 64 { opening += bytes.prefix(64) }
        let received: [ServerSentEvent]
        do {
            received = try events.decode(bytes)
        } catch {
            throw ModelError(.invalidResponse, "the stream of \(service): \(error)", partialText: decoder.partialText)
        }
        var new: [ModelEvent] = []
        for event in received {
            sawEvent = true
            new += try decoder.receive(event)
        }
        return new
    }

    /// Takes an event that lacks its empty line. Half of one, which a cut leaves, is not an event.
    mutating func finishBytes() -> [ModelEvent] {
        guard let last = try? events.finish() else { return [] }
        var attempt = decoder
        guard let new = try? attempt.receive(last) else { return [] }
        sawEvent = true
        decoder = attempt
        return new
    }

    func response() throws(ModelError) -> ModelResponse {
        if sawEvent { return try decoder.finish() }
        guard let first = opening.first(where: { $0 > 0x20 }) else {
            throw ModelError(.invalidResponse, "\(service) answered with an empty body")
        }
        let what = first == 0x3C ? "an HTML page; is its address right?" : "something that is not a stream of events"
        throw ModelError(.invalidResponse, "\(service) answered with \(what)")
    }

    /// What a failure of the connection in the middle of the answer is to the caller.
    func failure(_ error: HTTPTransportError) -> ModelError {
        guard error.code == .timeout else { return decoder.cut(error.message) }
        return ModelError(.timeout, "the answer of \(service) stopped: \(error)", partialText: decoder.partialText)
    }
}
