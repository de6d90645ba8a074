// SPDX-License-Identifier: Apache-2.0

/// Why a model gave no answer.
///
/// `description` is one sentence for a person. It never holds a key, a prompt or tool arguments.
public struct ModelError: Error, Sendable, Equatable {
    /// What kind of failure; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No connection, or it broke before an answer.
        public static let transport = Code(rawValue: "transport")
        /// The connection ended inside a streamed answer; `partialText` is what had come.
        public static let cut = Code(rawValue: "cut")
        public static let timeout = Code(rawValue: "timeout")
        /// 401, 402 or 403: key, budget or permission.
        public static let authentication = Code(rawValue: "authentication")
        /// 403 by a guardrail of the provider.
        public static let guardrail = Code(rawValue: "guardrail")
        /// 429, after retries.
        public static let rateLimited = Code(rawValue: "rate_limited")
        /// The conversation does not fit the model's context.
        public static let contextTooLong = Code(rawValue: "context_too_long")
        /// Any other 4xx: the provider refuses the request.
        public static let invalidRequest = Code(rawValue: "invalid_request")
        /// 5xx, after retries.
        public static let server = Code(rawValue: "server")
        /// The answer was not of the protocol's form.
        public static let invalidResponse = Code(rawValue: "invalid_response")
        /// A key, an address or a model name is missing or wrong on this side.
        public static let configuration = Code(rawValue: "configuration")
        /// The limit of money leaves nothing for the call.
        public static let limit = Code(rawValue: "limit")
        /// The embedded engine or its weights cannot be had.
        public static let unavailable = Code(rawValue: "unavailable")
    }

    public var code: Code
    public var message: String
    /// The HTTP status, when there was a response.
    public var status: Int?
    /// The provider's own error code, such as `3230`.
    public var providerCode: String?
    /// What the provider's support asks for (`mistral-correlation-id` and the like).
    public var requestID: String?
    /// How long the provider asked to wait.
    public var retryAfter: Duration?
    /// What had been streamed before the failure.
    public var partialText: String?
    /// What the provider's own guardrails found, the highest score first; with ``Code/guardrail``. Empty when they could not
    /// judge, or did not say.
    public var findings: [ProviderFinding]

    public init(
        _ code: Code, _ message: String, status: Int? = nil, providerCode: String? = nil, requestID: String? = nil,
        retryAfter: Duration? = nil, partialText: String? = nil, findings: [ProviderFinding] = []
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.providerCode = providerCode
        self.requestID = requestID
        self.retryAfter = retryAfter
        self.partialText = partialText
        self.findings = findings
    }
}

extension ModelError {
    /// Whether a provider may charge for a call that ended so: it had begun to answer, or may have.
    var mayBeCharged: Bool { partialText != nil || [.cut, .timeout, .invalidResponse].contains(code) }
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        var text = message
        if let first = findings.first {
            text += "; " + first.words + (findings.count > 1 ? " and \(findings.count - 1) more" : "")
        }
        let facts = [
            status.map { "HTTP \($0)" }, providerCode.map { "code \($0)" }, requestID.map { "request \($0)" },
        ].compactMap(\.self)
        if !facts.isEmpty { text += " (" + facts.joined(separator: ", ") + ")" }
        return text
    }
}
