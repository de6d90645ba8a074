// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import ChatCompletions
import HTTPTypes
package import JSONCore

extension MistralModel: JobModel {
    package var jobEndpoint: String { "/v1/chat/completions" }

    package func jobBody(of request: ModelRequest) throws -> JSONValue {
        var request = request
        request.streams = false
        var fields = try encoder.fields(of: try MistralRequestRules.prepared(request))
        (fields["model"], fields["stream"]) = (nil, nil)
        return .object(fields)
    }

    package func jobAnswer(_ result: BatchResult) throws -> ModelResponse {
        let service = exchange.client.service
        guard let problem = result.error else { return try ChatResponseDecoder(service: service).decode(result.body) }
        guard let status = result.status, !(200...299).contains(status) else {
            throw ModelError(.server, "the batch job has no answer to this request: \(problem)")
        }
        let body = try result.body.stringValue ?? result.body.serialized()
        throw APIErrorDecoder(service: service).decode(status: status, fields: [:], body: Array(body.utf8))
    }
}
