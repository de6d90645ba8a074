// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPCore
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Decides what reader, event loop and clock of an ``HTTPExchange`` may do. It is told the time and waits for nothing.
struct ExchangeState: Sendable {
    typealias Waiter = CheckedContinuation<Void, Never>

    /// What a reader finds.
    enum Found<Value: Sendable>: Sendable {
        case ready(Value)
        case wait
        case failed(any Error)
    }

    /// Whom a change concerns; told outside the lock.
    struct Wake: Sendable {
        var waiters: [Waiter] = []
        var timer: Scheduled<Void>?
        var promise: EventLoopPromise<Void>?

        func all() {
            for waiter in waiters { waiter.resume() }
            timer?.cancel()
            promise?.succeed()
        }
    }

    private enum Phase {
        case connecting
        case sending
        case waitingForHead
        case receiving
        case finished
    }

    /// More than this is not read ahead: the connection is paused until the reader has caught up.
    private static let readAheadBytes = 1 << 20
    /// What is skipped, and for how long, to keep a connection whose reader is content.
    private static let skippedBytes = 64 << 10
    private static let skipTime = TimeAmount.milliseconds(100)
    /// How long the next piece of a refusal may take that came before the request was sent.
    private static let refusalTime = TimeAmount.seconds(1)

    let authority: String
    var task: HTTPClient.Task<Void>?
    private(set) var failure: (any Error)?

    private let timeouts: HTTPTimeouts
    private let end: NIODeadline?
    private var phase = Phase.connecting
    private var head: HTTPResponseHead?
    private var bytes: [UInt8] = []
    private var waiters: [Waiter] = []
    private var upload = UploadState()
    private var paused: EventLoopPromise<Void>?
    /// How many bytes may still be skipped; `nil` while somebody reads.
    private var skipping: Int?
    private var deadline: NIODeadline?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>?)?

    init(timeouts: HTTPTimeouts, authority: String, now: NIODeadline) {
        self.timeouts = timeouts
        self.authority = authority
        end = timeouts.total.map { now + TimeAmount($0) }
        setDeadline(timeouts.connect, now: now)
    }

    private var isOver: Bool { phase == .finished || failure != nil }

    // MARK: The reader

    mutating func takeHead() -> Found<HTTPResponse> {
        if let head { return .ready(HTTPResponse(head)) }
        if let failure { return .failed(failure) }
        return .wait
    }

    /// - Returns: what to give the reader, and the promise that lets the connection go on.
    mutating func takeBytes(now: NIODeadline) -> (Found<[UInt8]?>, EventLoopPromise<Void>?) {
        if !bytes.isEmpty {
            defer {
                bytes = []
                paused = nil
            }
            if paused != nil { setReceiveDeadline(now: now) }
            return (.ready(bytes), paused)
        }
        if let failure { return (.failed(failure), nil) }
        return (phase == .finished || upload.isRefusalComplete ? .ready(nil) : .wait, nil)
    }

    /// What a reader waits for.
    enum Awaited { case head, bytes }

    /// - Returns: whether there is nothing to see yet, and the waiter will be woken.
    mutating func wait(for awaited: Awaited, _ waiter: Waiter) -> Bool {
        let isThere = awaited == .head ? head != nil : !bytes.isEmpty || upload.isRefusalComplete
        guard !isThere, !isOver else { return false }
        waiters.append(waiter)
        return true
    }

    /// - Returns: the promise of a paused connection, and whether the rest is awaited; `nil` when it must be closed.
    mutating func release(now: NIODeadline) -> (promise: EventLoopPromise<Void>?, isWaiting: Bool)? {
        if isOver { return (nil, false) }
        guard bytes.count <= Self.skippedBytes else { return nil }
        skipping = Self.skippedBytes - bytes.count
        bytes = []
        deadline = now + Self.skipTime
        defer { paused = nil }
        return (paused, true)
    }

    // MARK: The event loop

    mutating func headSent(now: NIODeadline) {
        guard phase == .connecting else { return }
        phase = .sending
        setDeadline(timeouts.idle, now: now)
    }

    mutating func receive(_ head: HTTPResponseHead, now: NIODeadline) -> [Waiter] {
        // The client sends no more to a server that refuses, and closes the connection behind the answer.
        if phase == .sending, head.status.code >= 300 { upload.refuse(head) }
        self.head = head
        phase = .receiving
        setReceiveDeadline(now: now)
        return takeWaiters()
    }

    mutating func receive(
        _ buffer: ByteBuffer, now: NIODeadline, on eventLoop: any EventLoop
    ) -> ([Waiter], EventLoopFuture<Void>?) {
        if let left = skipping {
            skipping = left - buffer.readableBytes
            if left < buffer.readableBytes { deadline = now }
            return ([], nil)
        }
        buffer.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        upload.receive(buffer.readableBytes)
        guard bytes.count > Self.readAheadBytes else {
            setReceiveDeadline(now: now)
            return (takeWaiters(), nil)
        }
        let promise = eventLoop.makePromise(of: Void.self)
        paused = promise
        // While the reader is behind, silence is its own doing.
        setDeadline(nil, now: now)
        return (takeWaiters(), promise.futureResult)
    }

    mutating func finish() -> Wake {
        phase = .finished
        task = nil
        return wakeAll()
    }

    /// Ends the exchange with `error`, unless it has ended already.
    mutating func fail(_ error: any Error) -> Wake {
        guard !isOver else { return Wake() }
        failure = error
        if error is CancellationError { bytes = [] }
        return wakeAll()
    }

    private mutating func wakeAll() -> Wake {
        defer {
            timer = nil
            paused = nil
        }
        let source = [upload.takeWaiter()].compactMap(\.self)
        return Wake(waiters: takeWaiters() + source, timer: timer?.task, promise: paused)
    }

    private mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [] }
        return waiters
    }

    // MARK: The source of a request

    mutating func sourceStarts(now: NIODeadline) {
        if isSourceAwaited { setDeadline(nil, now: now) }
    }

    /// - Throws: what the exchange ended with.
    func checkSending() throws {
        if let failure { throw failure }
        if phase == .finished {
            throw HTTPTransportError(.closed, "the answer came before all was sent")
        }
    }

    /// What becomes of a piece.
    enum Turn { case write, refused, over }

    /// - Parameter waiter: is woken when the piece is sent, or the exchange is over; not for ``Turn/over``.
    mutating func give(_ waiter: Waiter, now: NIODeadline) -> Turn {
        if isOver { return .over }
        upload.waiter = waiter
        if upload.isRefused { return .refused }
        if isSourceAwaited { setDeadline(timeouts.idle, now: now) }
        return .write
    }

    /// - Returns: who waits to give the next piece. Until it does, silence is not the server's fault.
    mutating func partSent(now: NIODeadline) -> Waiter? {
        let waiter = upload.takeWaiter()
        if isSourceAwaited { setDeadline(waiter == nil ? timeouts.idle : nil, now: now) }
        return waiter
    }

    mutating func requestSent(now: NIODeadline) {
        if phase == .sending {
            phase = .waitingForHead
            setDeadline(timeouts.firstByte, now: now)
        } else if isSourceAwaited {
            setDeadline(timeouts.idle, now: now)
        }
    }

    /// Whether time goes by the request and not by the answer.
    private var isSourceAwaited: Bool {
        phase == .sending
            || (phase == .receiving && skipping == nil && paused == nil && !upload.isRefused)
    }

    // MARK: Time

    private mutating func setReceiveDeadline(now: NIODeadline) {
        setDeadline(timeouts.idle, now: now)
        if upload.isRefused { deadline = [deadline, now + Self.refusalTime].compactMap(\.self).min() }
    }

    private mutating func setDeadline(_ timeout: Duration?, now: NIODeadline) {
        let own = timeout.map { now + TimeAmount($0) }
        deadline = [own, end].compactMap(\.self).min()
    }

    /// The time a timer must be set for; `nil` when there is none to set, or one is set for no later.
    mutating func timerToSet() -> NIODeadline? {
        guard !isOver, let deadline else { return nil }
        if let timer, timer.deadline <= deadline { return nil }
        timer?.task?.cancel()
        timer = (deadline, nil)
        return deadline
    }

    /// - Returns: whether the exchange is over already and `task` must be cancelled.
    mutating func keep(_ task: Scheduled<Void>) -> Bool {
        guard !isOver, timer != nil else { return true }
        timer?.task = task
        return false
    }

    /// - Returns: what the exchange ends with; `nil` when the deadline has moved.
    mutating func timerFired(now: NIODeadline) -> HTTPTransportError? {
        timer = nil
        guard !isOver, let deadline, now >= deadline else { return nil }
        if skipping != nil {
            return HTTPTransportError(.closed, "the rest of the response was not awaited")
        }
        if upload.isRefusalComplete {
            // All of it is here; the reader takes its time.
            self.deadline = end
            return nil
        }
        if upload.isRefused {
            return HTTPTransportError(.closed, "\(authority) refused the request before all was sent")
        }
        if let end, now >= end { return timeout(.total, timeouts.total, "the whole answer of") }
        switch phase {
        case .connecting: return timeout(.connect, timeouts.connect, "a connection to")
        case .sending:
            let time = timeouts.idle.map { " for \($0)" } ?? ""
            return HTTPTransportError(.timeout, "\(authority) took no more of the request\(time)", phase: .idle)
        case .waitingForHead: return timeout(.firstByte, timeouts.firstByte, "an answer of")
        case .receiving, .finished: return timeout(.idle, timeouts.idle, "the next part of the answer of")
        }
    }

    private func timeout(_ phase: HTTPTransportError.Phase, _ limit: Duration?, _ what: String) -> HTTPTransportError {
        let time = limit.map { " within \($0)" } ?? ""
        return HTTPTransportError(.timeout, "\(what) \(authority) did not come\(time)", phase: phase)
    }
}
