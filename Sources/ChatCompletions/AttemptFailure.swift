// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore
import HTTPTypes

/// One attempt that came to nothing: what ``RetryPolicy`` must know, and the error if it was the last.
struct AttemptFailure: Error {
    let kind: RetryPolicy.Failure
    let error: ModelError

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
            default: .transport
            }
        error = ModelError(code, "no answer of \(service): \(failure)")
    }
}
