// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import HTTPCore
package import HTTPTypes

/// Sends requests to one server with its key, repeats those that may be repeated, and turns every failure into a
/// ``ModelError`` that does not hold the key.
package struct APIClient: Sendable {
    /// What is sent.
    package struct Call: Sendable {
        package var method: HTTPRequest.Method
        /// Relative to the base address: `chat/completions`.
        package var path: String
        package var query: [(name: String, value: String)]
        package var content: Content?
        package var accept: String
        /// Whether doing it twice is no worse than doing it once. What makes something on the server (a file, a job) is
        /// not: it is sent again only when the server certainly did nothing.
        package var isRepeatable: Bool

        package init(
            method: HTTPRequest.Method = .post, path: String, query: [(name: String, value: String)] = [],
            content: Content? = nil, accept: String = "application/json", isRepeatable: Bool = true
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.content = content
            self.accept = accept
            self.isRepeatable = isRepeatable
        }
    }

    /// The content of a request with its media type.
    package struct Content: Sendable {
        package var type: String
        package var body: HTTPTransportRequest.Body

        package init(type: String, _ body: HTTPTransportRequest.Body) {
            self.type = type
            self.body = body
        }

        package static func json(_ bytes: [UInt8]) -> Content { Content(type: "application/json", .bytes(bytes)) }

        package static func form(_ fields: [(name: String, value: String)]) -> Content {
            Content(
                type: "application/x-www-form-urlencoded", .bytes(Array(FormURLEncoding.encode(fields).utf8)))
        }

        package static func form(_ form: MultipartForm) -> Content {
            Content(type: form.contentType, .stream(form.content))
        }
    }

    /// What happens around a request; the same for all requests of a client.
    package struct Settings: Sendable {
        package var retry: RetryPolicy
        package var timeouts: HTTPTimeouts
        package var clock: any Clock<Duration>
        /// 0…1.
        package var jitter: @Sendable () -> Double

        package init(
            retry: RetryPolicy, timeouts: HTTPTimeouts, clock: any Clock<Duration>,
            jitter: @escaping @Sendable () -> Double
        ) {
            self.retry = retry
            self.timeouts = timeouts
            self.clock = clock
            self.jitter = jitter
        }
    }

    package typealias OnRetry = (_ attempt: Int, _ delay: Duration, _ reason: String) async throws -> Void

    /// Who answers, for the sentences of errors: `the Mistral API`.
    package let service: String
    private let baseURL: HTTPURL
    private let socketPath: String?
    private let fields: HTTPFields
    private let apiKey: String?
    private let transport: any HTTPTransport
    private let settings: Settings

    // How much of a body is read to find out what went wrong.
    private static let errorBytes = 64 << 10

    /// - Throws: ``ModelError/Code/configuration`` when the address or the key cannot be used.
    package init(
        service: String, baseURL: String, apiKey: String?, headers: HTTPFields = [:], socketPath: String? = nil,
        transport: any HTTPTransport, settings: Settings
    ) throws(ModelError) {
        self.service = service
        self.socketPath = socketPath
        self.transport = transport
        self.settings = settings
        do throws(HTTPTransportError) {
            self.baseURL = try HTTPURL(parsing: baseURL)
        } catch {
            throw ModelError(.configuration, "the address of \(service) cannot be used: \(error)")
        }
        var key: String?
        if let apiKey { key = try Self.checked(key: apiKey, service: service) }
        self.apiKey = key
        var fields = headers
        if let key { fields[.authorization] = "Bearer \(key)" }
        if fields[.userAgent] == nil { fields[.userAgent] = "agent-runtime" }
        self.fields = fields
    }

    /// Sends `call` until there is an answer, it must not be repeated, or it was repeated often enough.
    ///
    /// - Parameters:
    ///   - onRetry: called before each wait.
    ///   - read: gets a response of status 2xx. An ``HTTPTransportError`` that it throws means that nothing of the
    ///     answer came, so the request is repeated; when something came, it must throw a ``ModelError``.
    /// - Throws: ``ModelError``; `CancellationError`; what `onRetry` and `read` throw.
    package func send<Value>(
        _ call: Call, onRetry: OnRetry = { _, _, _ in }, read: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        let request = try self.request(for: call)
        var attempt = 1
        while true {
            do {
                return try await once(request, read)
            } catch let failure as AttemptFailure {
                let delay = try delay(after: failure, of: call, attempt: attempt)
                try await onRetry(attempt, delay, redacted(failure.error).description)
                try await settings.clock.sleep(for: delay)
                attempt += 1
            } catch let error as ModelError {
                throw redacted(error)
            }
        }
    }

    /// Sends `call` and gives what `decode` makes of the whole body of the answer, 256 MiB at most.
    ///
    /// - Parameter decode: its errors may repeat what the server said; the key is taken out of them.
    package func send<Value>(
        _ call: Call, onRetry: OnRetry = { _, _, _ in }, decode: ([UInt8]) throws(ModelError) -> Value
    ) async throws -> Value {
        try await send(call, onRetry: onRetry, read: { _, body in try decode(try await readAll(body)) })
    }

    /// All of `body`. A connection that ends in the middle is an error of the answer, not of the request.
    package func readAll(_ body: HTTPBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = body.makeAsyncIterator()
        do {
            while let piece = try await iterator.next() {
                if bytes.isEmpty { bytes = piece } else { bytes += piece }
                if bytes.count > 256 << 20 {
                    throw ModelError(.invalidResponse, "the answer of \(service) is larger than 256 MiB")
                }
            }
        } catch let error as HTTPTransportError where !bytes.isEmpty {
            let code: ModelError.Code = error.code == .timeout ? .timeout : .cut
            throw ModelError(code, "the answer of \(service) was cut off: \(error)")
        }
        return bytes
    }

    private func request(for call: Call) throws -> HTTPTransportRequest {
        var fields = fields
        fields[.accept] = call.accept
        fields[.contentType] = call.content?.type
        let query = call.query.isEmpty ? "" : "?" + FormURLEncoding.encode(call.query)
        do {
            return HTTPTransportRequest(
                method: call.method, url: try baseURL.appending(call.path + query), headerFields: fields,
                body: call.content?.body ?? .none, socketPath: socketPath)
        } catch {
            throw ModelError(.configuration, "the address of \(service) cannot be used: \(error)")
        }
    }

    private func once<Value>(
        _ request: HTTPTransportRequest, _ read: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        do {
            return try await transport.withResponse(to: request, timeouts: settings.timeouts) { response, body in
                if response.status.kind == .successful { return try await read(response, body) }
                let bytes = await body.prefix(upTo: Self.errorBytes)
                try Task.checkCancellation()
                throw AttemptFailure(status: response, redacted(bytes), service: service)
            }
        } catch let error as HTTPTransportError {
            throw AttemptFailure(transport: error, service: service)
        }
    }

    private func delay(after failure: AttemptFailure, of call: Call, attempt: Int) throws -> Duration {
        var error = redacted(failure.error)
        if !call.isRepeatable, !failure.didNothing {
            error.message += "; it was not sent again, since the server may have done it"
            throw error
        }
        switch settings.retry.decision(afterAttempt: attempt, failure.kind, jitter: settings.jitter()) {
        case .retry(let delay): return delay
        case .giveUp:
            if attempt > 1 { error.message += "; asked \(attempt) times" }
        case .giveUpAsTheServerAsksToWait(let delay):
            let limit = settings.retry.longestRetryAfter
            error.message += "; the server asks to wait \(delay), more than the limit of \(limit)"
        }
        throw error
    }

    /// The body of an error without the key: before anything of it is cut or changed.
    private func redacted(_ bytes: [UInt8]) -> [UInt8] {
        guard let apiKey, bytes.firstRange(of: Array(apiKey.utf8)) != nil else { return bytes }
        return Array(String(decoding: bytes, as: UTF8.self).replacing(apiKey, with: "***").utf8)
    }

    private func redacted(_ error: ModelError) -> ModelError {
        guard let apiKey else { return error }
        var error = error
        error.message = error.message.replacing(apiKey, with: "***")
        error.providerCode = error.providerCode?.replacing(apiKey, with: "***")
        error.requestID = error.requestID?.replacing(apiKey, with: "***")
        return error
    }

    /// The key without the white space that files and shells leave around it.
    private static func checked(key: String, service: String) throws(ModelError) -> String {
        let isEdge = { (byte: UInt8) in byte <= 0x20 }
        var bytes = Array(key.utf8.drop(while: isEdge))
        while let last = bytes.last, isEdge(last) { bytes.removeLast() }
        guard !bytes.isEmpty else { throw ModelError(.configuration, "the API key for \(service) is empty") }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ModelError(
                .configuration, "the API key for \(service) holds characters that no key has; was it copied whole?")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
