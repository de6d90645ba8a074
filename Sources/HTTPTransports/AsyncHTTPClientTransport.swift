// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
public import HTTPCore
public import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Carries requests by async-http-client: kept-alive connections, TLS, HTTP/2 where the server offers it, gzip and
/// deflate, unix-domain sockets.
///
/// Making one costs nothing: the connection pool and its one thread start with the first request. Redirects are followed
/// by ``RedirectPolicy``, so that no key goes to another origin. Who makes a transport ends it with ``shutdown()``;
/// one that is dropped without closes its connections in the background.
public final class AsyncHTTPClientTransport: HTTPTransport {
    private enum State {
        case idle
        case running(ConnectionPool)
        case shutDown
    }

    private let state = Mutex(State.idle)
    private let redirects: RedirectPolicy
    private let maxConnectionsPerHost: Int
    private let maxBodyBytes: Int

    /// - Parameters:
    ///   - maxConnectionsPerHost: HTTP/1.1 connections to one host; a further request waits for one to be free, within
    ///     ``HTTPTimeouts/connect``. Default 256.
    ///   - maxBodyBytes: how large a compressed body may become; default 256 MiB.
    public init(
        redirects: RedirectPolicy = RedirectPolicy(), maxConnectionsPerHost: Int = 256, maxBodyBytes: Int = 256 << 20
    ) {
        self.redirects = redirects
        self.maxConnectionsPerHost = maxConnectionsPerHost
        self.maxBodyBytes = maxBodyBytes
    }

    deinit {
        if case .running(let pool) = state.withLock({ $0 }) { pool.shutdownInBackground() }
    }

    /// Closes all connections and ends the thread. Requests under way fail; later ones throw
    /// ``HTTPTransportError/Code/shutDown``.
    public func shutdown() async {
        let former = state.withLock { state in
            defer { state = .shutDown }
            return state
        }
        if case .running(let pool) = former { await pool.shutdown() }
    }

    public func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        var request = request
        var followed = 0
        while true {
            switch try await exchange(request, timeouts, followed: followed, body) {
            case .value(let value): return value
            case .redirect(let next):
                request = next
                followed += 1
            }
        }
    }

    private enum Outcome<Value> {
        case value(Value)
        case redirect(HTTPTransportRequest)
    }

    private func exchange<Value>(
        _ request: HTTPTransportRequest, _ timeouts: HTTPTimeouts, followed: Int,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Outcome<Value> {
        try Task.checkCancellation()
        let pool = try connectionPool()
        let lease = try pool.lease(for: request)
        defer { lease?.end() }
        let exchange = HTTPExchange(timeouts: timeouts, authority: request.url.authority, eventLoop: pool.eventLoop)
        exchange.attach(try pool.execute(request, lease: lease, delegate: exchange))
        return try await withTaskCancellationHandler {
            do {
                let response = try await exchange.response()
                if request.followsRedirects,
                    let next = try redirects.next(after: request, response: response, followed: followed)
                {
                    exchange.release()
                    return .redirect(next)
                }
                let value = try await body(response, HTTPBody { try await exchange.read() })
                exchange.release()
                return .value(value)
            } catch {
                exchange.abort()
                throw error
            }
        } onCancel: {
            exchange.cancel()
        }
    }

    private func connectionPool() throws -> ConnectionPool {
        try state.withLock { state in
            switch state {
            case .running(let pool): return pool
            case .shutDown: throw HTTPTransportError(.shutDown, "the transport was shut down")
            case .idle:
                let pool = ConnectionPool(maxConnectionsPerHost: maxConnectionsPerHost, maxBodyBytes: maxBodyBytes)
                state = .running(pool)
                return pool
            }
        }
    }
}
