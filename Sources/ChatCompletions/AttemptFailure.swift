// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore
import HTTPTypes

/// One attempt that came to nothing: what ``RetryPolicy`` must know, and the error if it was the last.
struct AttemptFailure: Error {
    let kind: RetryPolicy.Failure
    let error: ModelError

    /// Whether the server certainly did nothing: no connection, or a refusal.
    var didNothing: Bool {
        switch kind {
        case .status(let code, _): (300...499).contains(code) || code == 503
        case .transport(let error):
            error.phase == .connect || [.connect, .tls, .badURL, .badSource].contains(error.code)
        }
    }

    init(status response: HTTPResponse, _ body: [UInt8], service: String) {
        let status = response.status.code
        error = APIErrorDecoder(service: service).decode(status: status, fields: response.headerFields, body: body)
        kind = .status(status, retryAfter: error.retryAfter)
    }

    init(transport failure: HTTPTransportError, service: String) {
        kind = .transport(failure)
        let code: ModelError.Code =
            switch failure.code {
            case .timeout: .timeout
            case .badURL, .redirect: .configuration
            case .tooLarge, .badResponse: .invalidResponse
            case .badSource: .invalidRequest
            default: .transport
            }
        let opening = failure.code == .badSource ? "the request could not be sent" : "no answer of \(service)"
        error = ModelError(code, "\(opening): \(failure)")
    }
}
