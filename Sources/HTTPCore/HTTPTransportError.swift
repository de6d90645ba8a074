// SPDX-License-Identifier: Apache-2.0

/// Why a request got no response, or not all of it.
///
/// `message` is for a person and never holds header fields, bodies or the query of an address.
public struct HTTPTransportError: Error, Sendable, Equatable {
    /// What kind of failure; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No connection: refused, no such host, no route.
        public static let connect = Code(rawValue: "connect")
        /// The handshake or the certificate failed.
        public static let tls = Code(rawValue: "tls")
        /// One of ``HTTPTimeouts`` ran out; ``HTTPTransportError/phase`` says which.
        public static let timeout = Code(rawValue: "timeout")
        /// The connection ended before the response was complete.
        public static let closed = Code(rawValue: "closed")
        /// More bytes came than were allowed.
        public static let tooLarge = Code(rawValue: "too_large")
        /// The address cannot be used.
        public static let badURL = Code(rawValue: "bad_url")
        /// More redirects than ``RedirectPolicy`` follows, or one it refuses.
        public static let redirect = Code(rawValue: "redirect")
        /// What came is not HTTP.
        public static let badResponse = Code(rawValue: "bad_response")
        /// What was to be sent cannot be read, or changed while it was sent.
        public static let badSource = Code(rawValue: "bad_source")
        /// The transport was shut down.
        public static let shutDown = Code(rawValue: "shut_down")
    }

    /// What was waited for when time ran out.
    public enum Phase: String, Sendable {
        case connect
        case firstByte
        case idle
        case total
    }

    public var code: Code
    public var message: String
    /// `nil` unless `code` is `timeout`.
    public var phase: Phase?

    public init(_ code: Code, _ message: String, phase: Phase? = nil) {
        self.code = code
        self.message = message
        self.phase = phase
    }
}

extension HTTPTransportError: CustomStringConvertible {
    public var description: String { message }
}
