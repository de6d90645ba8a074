// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// Decides whether a response sends the client elsewhere, and what may go there.
///
/// To another origin goes no field that could hold a key: only those of a short list are kept. From `https` to `http`
/// nothing goes.
public struct RedirectPolicy: Sendable, Equatable {
    /// How many redirects of one request are followed. Default 5.
    public var limit: Int

    public init(limit: Int = 5) { self.limit = limit }

    // Everything else, Authorization, Cookie, x-api-key and unknown fields first of all, may be a secret.
    private static let harmless: Set<String> = [
        "accept", "accept-encoding", "accept-language", "content-encoding", "content-language", "content-type",
        "user-agent",
    ]

    /// The request to send next; `nil` when `response` is the answer.
    ///
    /// - Parameter followed: how many redirects brought us here.
    /// - Throws: ``HTTPTransportError/Code/redirect`` beyond the limit, from `https` to `http` and from a unix-domain
    ///   socket to another origin; ``HTTPTransportError/Code/badURL`` for a bad `Location`.
    public func next(
        after request: HTTPTransportRequest, response: HTTPResponse, followed: Int
    ) throws(HTTPTransportError) -> HTTPTransportRequest? {
        guard [301, 302, 303, 307, 308].contains(response.status.code),
            let location = response.headerFields[.location]
        else { return nil }
        guard followed < limit else {
            throw HTTPTransportError(.redirect, "more than \(limit) redirects, the last from \(request.url.authority)")
        }
        var next = request
        next.url = try request.url.resolving(location)
        if next.url.host != request.url.host { next.address = nil }
        if !next.url.hasSameOrigin(as: request.url) { try strip(&next, from: request) }
        // RFC 9110 §15.4: 303 makes a GET of anything, 301 and 302 of a POST; 307 and 308 keep method and content.
        let code = response.status.code
        if (code == 303 && request.method != .head) || ((code == 301 || code == 302) && request.method == .post) {
            next.method = .get
            next.body = .none
            next.headerFields[.contentType] = nil
            next.headerFields[.contentEncoding] = nil
        }
        return next
    }

    private func strip(
        _ next: inout HTTPTransportRequest, from request: HTTPTransportRequest
    ) throws(HTTPTransportError) {
        if request.socketPath != nil {
            throw HTTPTransportError(.redirect, "a server on a unix-domain socket redirects to \(next.url.authority)")
        }
        if request.url.scheme == .https && next.url.scheme == .http {
            throw HTTPTransportError(
                .redirect, "\(request.url.authority) redirects from https to http (\(next.url.authority))")
        }
        next.headerFields = HTTPFields(next.headerFields.filter { Self.harmless.contains($0.name.canonicalName) })
    }
}
