// SPDX-License-Identifier: Apache-2.0

/// An `http` or `https` address (RFC 9110 §4.2), without user, password and fragment.
public struct HTTPURL: Sendable, Hashable {
    public enum Scheme: String, Sendable {
        case http
        case https

        /// 80 or 443.
        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    public let scheme: Scheme
    /// In lower case; an IPv6 address stands in brackets.
    public let host: String
    /// 1…65535.
    public let port: Int
    /// The path and the query; begins with `/`. Bytes that may not stand in an address are percent-encoded.
    public let path: String

    init(scheme: Scheme, host: String, port: Int, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads an absolute address.
    ///
    /// - Throws: ``HTTPTransportError/Code/badURL``, which says what was expected. A user or a password before `@` is
    ///   refused, since it would end up in logs (RFC 9110 §4.2.4).
    public init(parsing text: String) throws(HTTPTransportError) {
        let (scheme, rest) = try Self.splitScheme(text)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let (host, port) = try Self.splitAuthority(rest[..<end], scheme: scheme)
        let path = try Self.encodedPath(rest[end...])
        self.init(scheme: scheme, host: host, port: port, path: path)
    }

    /// Host and, unless it is the scheme's own, port: the value of `Host`.
    public var authority: String { port == scheme.defaultPort ? host : "\(host):\(port)" }

    /// Whether scheme, host and port are the same (RFC 6454 §5).
    public func hasSameOrigin(as other: HTTPURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// This address with `/` and `path` after its own path; the query is dropped.
    ///
    /// - Throws: ``HTTPTransportError/Code/badURL`` when `path` holds white space or control characters.
    public func appending(_ path: String) throws(HTTPTransportError) -> HTTPURL {
        var base = self.path.prefix { $0 != "?" }
        while base.hasSuffix("/") { base.removeLast() }
        let rest = path.drop { $0 == "/" }
        return HTTPURL(scheme: scheme, host: host, port: port, path: try Self.encodedPath("\(base)/\(rest)"))
    }

    func replacingPath(_ path: String) -> HTTPURL {
        HTTPURL(scheme: scheme, host: host, port: port, path: path)
    }
}

extension HTTPURL: CustomStringConvertible {
    /// The whole address, query included.
    public var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}
