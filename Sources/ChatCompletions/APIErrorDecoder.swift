// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import HTTPCore
package import HTTPTypes
package import JSONCore

/// Makes a ``ModelError`` of what a server says in place of an answer.
///
/// Takes the bodies of the Mistral API (a `detail` list or string; a `message` string, object or list), of OpenAI and
/// llama.cpp (`error.message`), HTML pages and nothing at all.
package struct APIErrorDecoder: Sendable {
    /// Who answered, for the sentences: `the Mistral API`.
    package let service: String

    package init(service: String) { self.service = service }

    /// The error of a response whose status is not a success.
    package func decode(status: Int, fields: HTTPFields, body: [UInt8]) -> ModelError {
        var facts = APIErrorFacts(body: body)
        facts.requestID = Self.requestID(in: fields) ?? facts.requestID
        var error = self.error(status: status, facts)
        error.retryAfter = RetryPolicy.requestedDelay(in: fields)
        return error
    }

    /// The error that a body or an event of a successful response holds; `nil` when it holds none.
    package func errorObject(_ value: JSONValue, isErrorEvent: Bool = false) -> ModelError? {
        guard let fields = value.objectValue else { return nil }
        let hasError = fields["error"].map { !$0.isNull } ?? false
        let isError = fields["object"]?.stringValue?.lowercased() == "error"
        guard hasError || isError || isErrorEvent else { return nil }
        let facts = APIErrorFacts(value)
        return error(status: facts.status, facts)
    }

    private func error(status: Int?, _ facts: APIErrorFacts) -> ModelError {
        let code = Self.code(status: status ?? 500, facts)
        let said = facts.message ?? (status == nil ? "no reason given" : "an empty body")
        // `block_on_error`: nothing was found, there was no verdict.
        let opening =
            code == .guardrail && facts.code == "3201"
            ? "a guardrail of \(service) could not judge the request, and blocks what it could not judge"
            : opening(code, status: status)
        return ModelError(
            code, opening + ": " + said, status: status, providerCode: facts.code ?? facts.type,
            requestID: facts.requestID, findings: code == .guardrail ? Self.findings(facts) : [])
    }

    private func opening(_ code: ModelError.Code, status: Int?) -> String {
        switch code {
        case .authentication where status == 401: "\(service) refuses the API key"
        case .authentication where status == 402: "\(service) asks for payment"
        case .authentication: "\(service) does not permit this"
        case .guardrail: "a guardrail of \(service) blocked the request"
        case .rateLimited: "\(service) is asked too often or has no capacity"
        case .contextTooLong: "the conversation is too long for the model"
        case .configuration where status == 404: "\(service) does not have this model or address"
        case .configuration: "\(service) does not have this model"
        case .timeout: "\(service) waited too long for the request"
        case .server: "\(service) failed"
        case .invalidResponse: "\(service) sends the client elsewhere"
        default: "\(service) refuses the request"
        }
    }

    private static func code(status: Int, _ facts: APIErrorFacts) -> ModelError.Code {
        // Mistral API: 3201 is `block_on_error`, 3505 a lack of capacity (429 or 503).
        if status == 403, facts.guardrails != nil || facts.code == "3201" { return .guardrail }
        if isContextOverflow(facts) { return .contextTooLong }
        if facts.code == "1500" || facts.type == "invalid_model" || facts.code == "model_not_found" {
            return .configuration
        }
        if facts.code == "3505" { return .rateLimited }
        switch status {
        case 300...399: return .invalidResponse
        case 401, 402, 403: return .authentication
        case 404: return .configuration
        case 408: return .timeout
        case 429: return .rateLimited
        case 400...499: return .invalidRequest
        default: return .server
        }
    }

    private static func findings(_ facts: APIErrorFacts) -> [ProviderFinding] {
        facts.guardrails.map(ProviderFinding.all) ?? []
    }

    private static func isContextOverflow(_ facts: APIErrorFacts) -> Bool {
        let words = [facts.code, facts.type].compactMap(\.self)
        let known = [
            "3059", "5059", "invalid_request_prompt_too_long", "exceed_context_size_error", "context_length_exceeded",
        ]
        if words.contains(where: known.contains) { return true }
        // 3051 has many meanings; this one is told by its words.
        guard let message = facts.message?.lowercased() else { return false }
        return message.contains("maximum context length") || message.contains("exceeds the available context size")
    }

    private static let requestIDNames = [
        "mistral-correlation-id", "x-kong-request-id", "x-request-id", "request-id",
    ].compactMap { HTTPField.Name($0) }

    private static func requestID(in fields: HTTPFields) -> String? {
        requestIDNames.lazy.compactMap { fields[$0] }.first
    }
}
