// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The models of `--dry-run`: each prints the first request it gets and ends the command.
struct DryRunModels: ModelProvider {
    let models: any ModelProvider
    let print: @Sendable (String) -> Void

    func model(for reference: JSONValue?) throws -> any Model {
        DryRunModel(model: try models.model(for: reference), print: print)
    }
}

private struct DryRunModel: Model {
    let model: any Model
    let print: @Sendable (String) -> Void

    var name: String { model.name }
    var pricingNames: [String] { model.pricingNames }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        print(try wireRequest(for: request).serialized(indent: 2) + "\n")
        throw ExitStatus.done
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { try model.wireRequest(for: request) }

    func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> { model.enforcedKeywords(of: schema) }
}
