// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// Something that carries a request to a server and the response back.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and hands the response to `body` as soon as its head is there.
    ///
    /// The connection lives no longer than this call: when `body` throws, or the task is cancelled, it is closed at
    /// once; when `body` returns before the end of the response, it is closed unless the rest comes in a moment.
    /// The ``HTTPBody`` must not be read after `body` returned.
    ///
    /// - Returns: what `body` returns.
    /// - Throws: ``HTTPTransportError`` when there is no response; `CancellationError` when the task was cancelled; what
    ///   `body` throws. A status of 400 or more is a response, not an error.
    func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value
}

/// What is sent.
public struct HTTPTransportRequest: Sendable {
    /// The content of a request.
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        case stream(HTTPRequestStream)
    }

    public var method: HTTPRequest.Method
    public var url: HTTPURL
    /// Without `Host`, `Content-Length` and `Transfer-Encoding`, which the transport writes.
    public var headerFields: HTTPFields
    public var body: Body
    /// The path of a unix-domain socket to connect to in place of the host of `url`.
    public var socketPath: String?
    /// The address to connect to in place of looking up the host of `url`, which the certificate must still be for. Redirects to
    /// another host look that up.
    public var address: IPAddress?
    /// Whether the transport goes where a response redirects to; otherwise the redirect is the response. Default true.
    public var followsRedirects: Bool

    public init(
        method: HTTPRequest.Method = .get, url: HTTPURL, headerFields: HTTPFields = [:], body: Body = .none,
        socketPath: String? = nil, address: IPAddress? = nil, followsRedirects: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headerFields = headerFields
        self.body = body
        self.socketPath = socketPath
        self.address = address
        self.followsRedirects = followsRedirects
    }
}
