// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPCore
import NIOPosix
import Synchronization

/// Clients that each connect to one host at one address: async-http-client can be told an address for a name only when it is made.
///
/// Few are kept for their open connections; the rest are closed when nobody uses them.
final class PinnedClients: Sendable {
    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var uses = 0
        var lastUse = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock = 0
        var isShutDown = false
    }

    /// Clients without a use that are kept.
    private static let idleLimit = 8

    private let state = Mutex(State())
    private let group: MultiThreadedEventLoopGroup
    private let configuration: HTTPClient.Configuration

    init(group: MultiThreadedEventLoopGroup, configuration: HTTPClient.Configuration) {
        self.group = group
        self.configuration = configuration
    }

    /// The use of a client for one request.
    struct Lease: Sendable {
        let client: HTTPClient
        private let give: @Sendable () -> Void

        fileprivate init(_ client: HTTPClient, _ give: @escaping @Sendable () -> Void) {
            (self.client, self.give) = (client, give)
        }

        /// Gives the client back.
        func end() { give() }
    }

    /// - Throws: ``HTTPTransportError/Code/shutDown``, and ``HTTPTransportError/Code/badURL`` for what is no host name: the client must
    ///   find the name in the URL as it is here, or it would look it up.
    func lease(_ host: String, at address: IPAddress) throws -> Lease {
        guard host.utf8.allSatisfy(Self.isNameByte) else {
            throw HTTPTransportError(.badURL, "\(host) is not a host name")
        }
        let key = Key(host: host, address: address)
        let client = try state.withLock { state in
            guard !state.isShutDown else { throw HTTPTransportError(.shutDown, "the transport was shut down") }
            var entry = state.entries[key] ?? Entry(client: make(host, address))
            state.clock += 1
            entry.uses += 1
            entry.lastUse = state.clock
            state.entries[key] = entry
            return entry.client
        }
        return Lease(client) { [self] in end(key) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    private func make(_ host: String, _ address: IPAddress) -> HTTPClient {
        var configuration = configuration
        configuration.dnsOverride = [host: address.description]
        return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    private func end(_ key: Key) {
        let surplus: HTTPClient? = state.withLock { state in
            state.entries[key]?.uses -= 1
            let idle = state.entries.filter { $0.value.uses == 0 }
            guard idle.count > Self.idleLimit, let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
                return nil
            }
            return state.entries.removeValue(forKey: oldest.key)?.client
        }
        surplus?.shutdown { _ in }
    }

    private func close() -> [HTTPClient] {
        state.withLock { state in
            defer { state.entries = [:] }
            state.isShutDown = true
            return state.entries.values.map(\.client)
        }
    }

    func shutdown() async {
        for client in close() { try? await client.shutdown() }
    }

    /// - Parameter done: is called when all are closed.
    func shutdownInBackground(_ done: @escaping @Sendable () -> Void) {
        Self.shutDown(close()[...], done)
    }

    private static func shutDown(_ clients: ArraySlice<HTTPClient>, _ done: @escaping @Sendable () -> Void) {
        guard let client = clients.first else { return done() }
        client.shutdown { _ in shutDown(clients.dropFirst(), done) }
    }
}
