// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPCore
import NIOCore
import NIOHTTP1
import NIOPosix

extension HTTPTransportError {
    /// What an error of the client library, of NIO or of TLS means here.
    init(clientError error: any Error, authority: String) {
        switch error {
        case let error as HTTPTransportError: self = error
        case let error as HTTPClientError: self.init(error, authority: authority)
        case is NIOConnectionError:
            self.init(.connect, "no connection to \(authority): \(Self.reason(of: error))")
        case let error as IOError where [ECONNRESET, EPIPE, ENOTCONN].contains(error.errnoCode):
            self.init(.closed, "\(authority) closed the connection before the answer was complete")
        case is ChannelError:
            self.init(.closed, "the connection to \(authority) ended before the answer was complete")
        case is HTTPParserError:
            self.init(.badResponse, "what \(authority) sent is not HTTP, or ended too early: \(error)")
        default: self.init(foreign: error, authority: authority)
        }
    }

    private init(_ error: HTTPClientError, authority: String) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            self.init(.timeout, "a connection to \(authority) did not come in time", phase: .connect)
        case .tlsHandshakeTimeout: self.init(.tls, "the TLS handshake with \(authority) did not end in time")
        case .remoteConnectionClosed, .uncleanShutdown, .cancelled, .requestStreamCancelled:
            self.init(.closed, "\(authority) closed the connection before the answer was complete")
        case .alreadyShutdown: self.init(.shutDown, "the transport was shut down")
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath:
            self.init(.badURL, "the address of \(authority) cannot be used: \(error)")
        default: self.init(.badResponse, "the exchange with \(authority) failed: \(error.shortDescription)")
        }
    }

    /// Errors of modules that this target does not import are told by the name of their type.
    private init(foreign error: any Error, authority: String) {
        let type = String(reflecting: Swift.type(of: error))
        if type.hasPrefix("NIOSSL.") {
            self.init(.tls, "no secure connection to \(authority): \(error)")
        } else if type.contains("DecompressionError") {
            self.init(.tooLarge, "the answer of \(authority) cannot be decompressed or is too large: \(error)")
        } else if error is IOError || error is SocketAddressError {
            self.init(.connect, "no connection to \(authority): \(Self.words(for: error))")
        } else {
            self.init(.closed, "the connection to \(authority) failed: \(error)")
        }
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let failure = error.connectionErrors.first { return words(for: failure.error) }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the name \(error.host) was not found" }
        return "no address of \(error.host) answers"
    }

    /// The usual reasons by their names; NIO's own sentence says "connection reset" before every one of them.
    private static func words(for error: any Error) -> String {
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED: "connection refused"
        case EHOSTUNREACH, ENETUNREACH: "no route to it"
        case ETIMEDOUT: "it does not answer"
        case ENOENT: "there is no such socket"
        default: "\(error)"
        }
    }
}
