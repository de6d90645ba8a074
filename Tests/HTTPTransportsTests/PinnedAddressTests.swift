// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FakeModelServer
import Glibc
import HTTPCore
import HTTPTransports
import HTTPTypes
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct PinnedAddressTests {
    private let loopback = IPAddress("127.0.0.1")

    @Test func theConnectionGoesToTheAddressAndTheHostFieldKeepsTheName() async throws {
        try await withServer { request in
            .completion(request.header("host") ?? "")
        } _: { server, transport in
            var request = HTTPTransportRequest(url: try HTTPURL(parsing: "http://pinned.invalid:\(server.port)/a?b"))
            request.address = loopback
            let (response, _) = try await transport.fetch(request)
            #expect(response.status == .ok)
            #expect(server.requests.map(\.path) == ["/a?b"])
            #expect(server.requests.first?.header("host") == "pinned.invalid:\(server.port)")
        }
    }

    @Test func overTLSTheCertificateIsAskedForByTheName() async throws {
        let listener = try HelloListener()
        let transport = AsyncHTTPClientTransport()
        var request = HTTPTransportRequest(url: try HTTPURL(parsing: "https://pinned.invalid:\(listener.port)/"))
        request.address = loopback
        let pinned = request
        await #expect(throws: HTTPTransportError.self) { try await transport.fetch(pinned) }
        #expect(String(decoding: listener.hello, as: UTF8.self).contains("pinned.invalid"))
        await transport.shutdown()
    }

    @Test func manyAddressesLeaveFewClientsAndAShutdownEndsThem() async throws {
        let listener = try HelloListener()
        let transport = AsyncHTTPClientTransport()
        for number in 0..<12 {
            var request = HTTPTransportRequest(
                url: try HTTPURL(parsing: "https://host\(number).invalid:\(listener.port)/"))
            request.address = loopback
            let pinned = request
            await #expect(throws: HTTPTransportError.self) { try await transport.fetch(pinned) }
        }
        await transport.shutdown()
    }
}

/// Takes connections, keeps the first bytes of the first one, and closes each.
private final class HelloListener: Sendable {
    let port: Int
    private let socket: Int32
    private let first = Mutex<[UInt8]>([])

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let isBound = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(isBound)
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue.global().async { [self] in serve() }
    }

    var hello: [UInt8] { first.withLock(\.self) }

    private func serve() {
        while true {
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else { return }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(connection, &bytes, bytes.count)
            first.withLock { if $0.isEmpty { $0 = Array(bytes.prefix(max(0, count))) } }
            close(connection)
        }
    }
}
