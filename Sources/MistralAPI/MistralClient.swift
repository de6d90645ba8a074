// SPDX-License-Identifier: Apache-2.0

import AgentCore
package import ChatCompletions
public import HTTPCore
public import HTTPTypes
public import JSONCore

/// A connection to the Mistral API: address, key, retries and errors for all of its endpoints.
public struct MistralClient: Sendable {
    /// The public service.
    public static let publicServerURL = "https://api.mistral.ai"

    package let api: APIClient

    /// Makes a client. No connection is opened before it is used.
    ///
    /// - Parameters:
    ///   - serverURL: with or without `/v1` at its end; default ``publicServerURL``.
    ///   - headers: sent with every request.
    ///   - clock: sleeps between attempts.
    ///   - jitter: 0…1, anew for each wait.
    /// - Throws: ``ModelError/Code/configuration`` when the address or the key cannot be used.
    public init(
        apiKey: String, serverURL: String? = nil, transport: any HTTPTransport, headers: HTTPFields = [:],
        retry: RetryPolicy = RetryPolicy(), timeouts: HTTPTimeouts = HTTPTimeouts(),
        clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) throws {
        api = try APIClient(
            service: "the Mistral API", baseURL: Self.baseURL(serverURL ?? Self.publicServerURL), apiKey: apiKey,
            headers: headers, transport: transport,
            settings: .init(retry: retry, timeouts: timeouts, clock: clock, jitter: jitter))
    }

    /// Sends a request and gives the JSON of the answer.
    ///
    /// - Parameters:
    ///   - path: below `/v1`: `embeddings`.
    ///   - query: names and values, not yet encoded.
    ///   - isRepeatable: whether the request may be sent again when the server may have done it already.
    ///   - onRetry: called before each wait with the number of the failed attempt, the wait and the reason.
    /// - Throws: ``ModelError``; `CancellationError` when the task was cancelled.
    public func send(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, isRepeatable: Bool = true,
        onRetry: (_ attempt: Int, _ delay: Duration, _ reason: String) async throws -> Void = { _, _, _ in }
    ) async throws -> JSONValue {
        try RetiredPaths.check(path)
        let content: [UInt8]?
        do {
            content = try body?.serializedBytes()
        } catch {
            throw ModelError(.invalidRequest, "the request cannot be written as JSON: \(error)")
        }
        let call = APIClient.Call(
            method: method, path: path, query: query, content: content.map { .json($0) },
            isRepeatable: isRepeatable)
        return try await api.send(
            call, onRetry: onRetry,
            decode: { bytes throws(ModelError) in try JSONAnswer.parse(bytes, service: api.service) })
    }

    /// `server` with `/v1` at its end, once.
    private static func baseURL(_ server: String) -> String {
        var server = server[...]
        while server.hasSuffix("/") { server.removeLast() }
        return server.hasSuffix("/v1") ? String(server) : server + "/v1"
    }
}
