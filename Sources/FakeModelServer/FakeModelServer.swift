// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback or a unix-domain socket that answers as a test tells it, byte for byte.
public final class FakeModelServer: Sendable {
    public enum Address: Sendable {
        /// 127.0.0.1; port 0 takes a free one.
        case loopback(port: Int)
        case unixSocket(String)
    }

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let journal: ServerJournal

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - readsBodies: `false` answers the head of a request and reads nothing more on its connection.
    ///   - reply: called for each request; a connection's next request waits for it.
    public static func start(
        on address: Address = .loopback(port: 0), readsBodies: Bool = true,
        reply: @escaping @Sendable (FakeRequest) async -> FakeReply
    ) async throws -> FakeModelServer {
        let journal = ServerJournal()
        return try await start(on: address, journal: journal) {
            ScriptedHandler(journal: journal, readsBodies: readsBodies, reply: reply)
        }
    }

    /// Starts the server of a ``FakeConversation``, which is made to cost little: requests are not kept.
    public static func start(on address: Address, conversation: FakeConversation) async throws -> FakeModelServer {
        try await start(on: address, journal: ServerJournal()) { ConversationHandler(conversation) }
    }

    /// Starts a server, runs `body` with it and stops it.
    public static func with<Value>(
        on address: Address = .loopback(port: 0), readsBodies: Bool = true,
        reply: @escaping @Sendable (FakeRequest) async -> FakeReply,
        _ body: (FakeModelServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(on: address, readsBodies: readsBodies, reply: reply)
        do {
            let value = try await body(server)
            await server.shutdown()
            return value
        } catch {
            await server.shutdown()
            throw error
        }
    }

    private static func start(
        on address: Address, journal: ServerJournal, handler: @escaping @Sendable () -> any ChannelHandler
    ) async throws -> FakeModelServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)), handler())
                }
            }
        do {
            let channel =
                switch address {
                case .loopback(let port):
                    try await bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                        .bind(host: "127.0.0.1", port: port).get()
                case .unixSocket(let path):
                    try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
                }
            return FakeModelServer(group: group, channel: channel, journal: journal)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(group: MultiThreadedEventLoopGroup, channel: any Channel, journal: ServerJournal) {
        self.group = group
        self.channel = channel
        self.journal = journal
    }

    /// 0 on a unix-domain socket.
    public var port: Int { channel.localAddress?.port ?? 0 }
    /// `http://127.0.0.1:PORT`.
    public var url: String { "http://127.0.0.1:\(port)" }
    /// All requests so far.
    public var requests: [FakeRequest] { journal.requests }
    /// How many connections have been opened so far.
    public var acceptedConnections: Int { journal.counts.accepted }

    /// Returns once `count` requests have come.
    public func received(_ count: Int) async { await journal.wait { $0.received >= count } }

    /// Returns once `count` connections have ended.
    public func connectionsClosed(_ count: Int = 1) async { await journal.wait { $0.closed >= count } }

    /// Returns when the server was shut down.
    public func waitForShutdown() async throws { try await channel.closeFuture.get() }

    /// Closes all connections and ends the server's thread.
    public func shutdown() async {
        try? await channel.close().get()
        for connection in journal.openChannels { try? await connection.close().get() }
        try? await group.shutdownGracefully()
    }
}
