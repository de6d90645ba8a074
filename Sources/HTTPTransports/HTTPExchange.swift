// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import Synchronization

/// One request and its response, between the client's event loop and the task that reads.
///
/// The event loop calls the delegate's functions, the task calls ``response()`` and ``read()``; the state between them
/// lies under one lock.
final class HTTPExchange: HTTPClientResponseDelegate {
    typealias Response = Void

    private let state: Mutex<ExchangeState>
    private let eventLoop: any EventLoop

    init(timeouts: HTTPTimeouts, authority: String, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        state = Mutex(ExchangeState(timeouts: timeouts, authority: authority, now: .now()))
    }

    // MARK: The reader

    /// Ties the exchange to the request that runs for it, and starts to watch the time.
    func attach(_ task: HTTPClient.Task<Void>) {
        let isOver = state.withLock { state in
            state.task = task
            return state.failure != nil
        }
        if isOver { task.cancel() } else { watch() }
    }

    /// The head of the response.
    func response() async throws -> HTTPResponse {
        while true {
            switch state.withLock({ $0.takeHead() }) {
            case .ready(let response): return response
            case .failed(let error): throw error
            case .wait: await change(.head)
            }
        }
    }

    /// What has come of the body since the last call; waits until there is something; `nil` at the end.
    func read() async throws -> [UInt8]? {
        while true {
            let (result, resume) = state.withLock { $0.takeBytes(now: .now()) }
            if let resume {
                resume.succeed()
                watch()
            }
            switch result {
            case .ready(let bytes): return bytes
            case .failed(let error): throw error
            case .wait: await change(.bytes)
            }
        }
    }

    /// Ends the exchange for a reader that is content: what is left is skipped if it comes soon, else the connection is
    /// closed.
    func release() {
        guard let resume = state.withLock({ $0.release(now: .now()) }) else { return abort() }
        resume.promise?.succeed()
        if resume.isWaiting { watch() }
    }

    /// Ends the exchange at once and closes the connection.
    func abort() {
        end(with: HTTPTransportError(.closed, "the response was let go before its end"))
    }

    /// Like ``abort()``, and the reader gets a `CancellationError`.
    func cancel() { end(with: CancellationError()) }

    private func change(_ awaited: ExchangeState.Awaited) async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { $0.wait(for: awaited, continuation) }
            if !mustWait { continuation.resume() }
        }
    }

    private func end(with error: any Error) {
        let (task, wake) = state.withLock { state in
            let task = state.task
            state.task = nil
            return (task, state.fail(error))
        }
        wake.all()
        task?.cancel()
    }

    // MARK: The source of a request

    /// Stops the clock of the server: what comes next is waited for by it.
    func sourceStarts() { state.withLock { $0.sourceStarts(now: .now()) } }

    /// Hands `piece` to the network; returns when it has gone there.
    ///
    /// The client's own future of a write is no good for that: when a request ends while its connection is full, the
    /// client forgets it, and who waits for it waits for ever. Nothing is written to a full connection therefore.
    ///
    /// - Throws: what the exchange ended with meanwhile.
    func send(_ piece: [UInt8], by writer: HTTPClient.Body.StreamWriter) async throws {
        try state.withLock { try $0.checkSending() }
        await withCheckedContinuation { continuation in
            // On the event loop, so that no refusal comes between the look at the state and the write.
            eventLoop.execute { self.write(ByteBuffer(bytes: piece), by: writer, continuation) }
        }
        try state.withLock { try $0.checkSending() }
    }

    private func write(
        _ buffer: ByteBuffer, by writer: HTTPClient.Body.StreamWriter, _ waiter: ExchangeState.Waiter
    ) {
        switch state.withLock({ $0.give(waiter, now: .now()) }) {
        case .over: waiter.resume()
        case .refused: break
        case .write:
            watch()
            _ = writer.write(.byteBuffer(buffer))
        }
    }

    // MARK: Time

    /// Sleeps on the event loop until the deadline that holds now; a later one is slept for again.
    private func watch() {
        guard let deadline = state.withLock({ $0.timerToSet() }) else { return }
        let timer = eventLoop.scheduleTask(deadline: deadline) { self.timerFired() }
        let isStale = state.withLock { $0.keep(timer) }
        if isStale { timer.cancel() }
    }

    private func timerFired() {
        if let error = state.withLock({ $0.timerFired(now: .now()) }) { end(with: error) } else { watch() }
    }

    // MARK: HTTPClientResponseDelegate

    func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) {
        state.withLock { $0.headSent(now: .now()) }
        watch()
    }

    func didSendRequestPart(task: HTTPClient.Task<Void>, _ part: IOData) {
        state.withLock { $0.partSent(now: .now()) }?.resume()
        watch()
    }

    func didSendRequest(task: HTTPClient.Task<Void>) {
        state.withLock { $0.requestSent(now: .now()) }
        watch()
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        for waiter in state.withLock({ $0.receive(head, now: .now()) }) { waiter.resume() }
        watch()
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let (waiters, hold) = state.withLock { $0.receive(buffer, now: .now(), on: task.eventLoop) }
        for waiter in waiters { waiter.resume() }
        return hold ?? task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws {
        state.withLock { $0.finish() }.all()
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        let wake = state.withLock { $0.fail(HTTPTransportError(clientError: error, authority: $0.authority)) }
        wake.all()
    }
}
