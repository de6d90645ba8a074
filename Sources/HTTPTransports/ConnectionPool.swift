// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix

/// The client library with the one thread that it runs on.
struct ConnectionPool: Sendable {
    let eventLoop: any EventLoop
    private let group: MultiThreadedEventLoopGroup
    private let client: HTTPClient
    private let pinned: PinnedClients

    init(maxConnectionsPerHost: Int, maxBodyBytes: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        eventLoop = group.next()
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .enabled(limit: .size(maxBodyBytes))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maxConnectionsPerHost
        // A refused connection is reported at once; whether to try again is the business of `RetryPolicy`.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Time is kept by `HTTPExchange`, for each request by itself.
        configuration.timeout = .init(connect: .hours(24))
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        pinned = PinnedClients(group: group, configuration: configuration)
    }

    /// A pool for `request` alone, if it names the address to connect to over TLS; to be given back.
    func lease(for request: HTTPTransportRequest) throws -> PinnedClients.Lease? {
        guard let address = request.address, request.url.scheme == .https, IPAddress(request.url.host) == nil else {
            return nil
        }
        return try pinned.lease(request.url.host, at: address)
    }

    /// - Parameter lease: what ``lease(for:)`` gave for the request.
    func execute(
        _ request: HTTPTransportRequest, lease: PinnedClients.Lease?, delegate: HTTPExchange
    ) throws -> HTTPClient.Task<Void> {
        let body: HTTPClient.Body? =
            switch request.body {
            case .none: nil
            // In pieces, since time is kept by pieces.
            case .bytes(let bytes) where bytes.count > HTTPRequestStream.pieceBytes:
                Self.body(of: HTTPRequestStream(bytes), on: delegate, eventLoop)
            case .bytes(let bytes): .byteBuffer(ByteBuffer(bytes: bytes))
            case .stream(let stream): Self.body(of: stream, on: delegate, eventLoop)
            }
        do {
            let clientRequest = try HTTPClient.Request(
                url: Self.address(of: request), method: HTTPMethod(rawValue: request.method.rawValue),
                headers: Self.headers(of: request), body: body)
            let client = lease?.client ?? client
            return client.execute(request: clientRequest, delegate: delegate, eventLoop: .delegate(on: eventLoop))
        } catch {
            throw HTTPTransportError(.badURL, "the address of \(request.url.authority) cannot be used: \(error)")
        }
    }

    /// A piece is read when the one before it has gone to the network, in a task that ends with the exchange.
    private static func body(
        of stream: HTTPRequestStream, on exchange: HTTPExchange, _ eventLoop: any EventLoop
    ) -> HTTPClient.Body {
        .stream(contentLength: Int64(stream.length)) { writer in
            eventLoop.makeFutureWithTask {
                exchange.sourceStarts()
                let read = try stream.open()
                while let piece = try read() { try await exchange.send(piece, by: writer) }
            }
        }
    }

    func shutdown() async {
        await pinned.shutdown()
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    func shutdownInBackground() {
        pinned.shutdownInBackground { client.shutdown { _ in group.shutdownGracefully { _ in } } }
    }

    /// `http+unix://` takes the path of the socket, percent-encoded, for its host.
    private static func address(of request: HTTPTransportRequest) -> String {
        guard let socketPath = request.socketPath else {
            // Without TLS nothing but the Host field, which is written below, needs the name.
            guard let address = request.address, request.url.scheme == .http else { return request.url.description }
            return "http://\(address.host):\(request.url.port)\(request.url.path)"
        }
        var host = ""
        for byte in socketPath.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                host.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                host += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return "\(request.url.scheme.rawValue)+unix://\(host)\(request.url.path)"
    }

    private static func headers(of request: HTTPTransportRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headerFields.count + 3)
        headers.add(name: "host", value: request.url.authority)
        for field in request.headerFields { headers.add(name: field.name.rawName, value: field.value) }
        // A compressor between us and the server may hold back the events of a stream.
        if request.headerFields[.acceptEncoding] == nil, request.headerFields[.accept] != "text/event-stream" {
            headers.add(name: "accept-encoding", value: "gzip, deflate")
        }
        return headers
    }
}
