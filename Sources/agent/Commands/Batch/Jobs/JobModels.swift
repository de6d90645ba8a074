// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Models that are asked by batch jobs of their provider.
struct JobModels: ModelProvider {
    let models: any ModelProvider
    let desk: JobDesk

    func model(for reference: JSONValue?) throws -> any Model {
        // Jobs go by the key and the server of the environment.
        if let fields = reference?.objectValue, fields["base_url"] != nil || fields["api_key_env"] != nil {
            throw ModelError(
                .configuration, "with --batch a model has no base_url and no api_key_env of its own; name it alone")
        }
        let model = try models.model(for: reference)
        guard let answering = model as? any JobModel else {
            throw ModelError(
                .configuration,
                "--batch needs a chat model of the Mistral API by its name: \(model.name.isEmpty ? "this one" : model.name) "
                    + "is not one whose provider takes batch jobs; without --batch it is asked item by item")
        }
        return AskedByJob(model: answering, desk: desk)
    }

    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model { try model(for: reference) }
}

/// A model whose answers come with a batch job, for half the price.
private struct AskedByJob: Model {
    let model: any JobModel
    let desk: JobDesk

    var name: String { model.name }
    var pricingNames: [String] { model.pricingNames.map { PriceTable.jobPrefix + $0 } }
    var reportsTokens: Bool { model.reportsTokens }
    var contextTokens: Int? { model.contextTokens }

    func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> { model.enforcedKeywords(of: schema) }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { try model.wireRequest(for: request) }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        guard let run = BatchItemRun.current, let path = JournalScope.step else {
            throw ModelError(.configuration, "with --batch a model can be asked by an item of the batch alone")
        }
        let body = try model.jobBody(of: request).serialized()
        let result = try await desk.ask(
            JobRequest(run: run, path: "\(path)", model: name, endpoint: model.jobEndpoint, body: body))
        var response = try model.jobAnswer(result)
        response.pricingName = pricingNames.first
        return response
    }
}

/// What an item asks of a model by a job.
struct JobRequest: Sendable {
    let run: BatchItemRun
    /// Where in the run of the item.
    var path: String
    let model: String
    let endpoint: String
    let body: String

    var key: JobKey { JobKey(item: run.item, path: path) }
    var digest: String { SHA256.digest(Array("\(model)\n\(body)".utf8)).hexadecimal }

    /// The line of the job's input.
    var line: String { "{\"custom_id\":\"\(key.customID)\",\"body\":\(body)}\n" }
}

/// By what the answer to a request is known.
struct JobKey: Hashable, Sendable {
    let item: Int
    let path: String

    var customID: String { "\(item)-\(path)" }
}
