// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
public import JSONCore

/// Models, files and batch jobs of the Mistral API.
public struct MistralPlatform: Platform {
    private static let pageSize = 100

    let client: MistralClient

    public init(client: MistralClient) { self.client = client }

    // MARK: - Models

    public func models() async throws -> [JSONValue] {
        let answer = try await client.send(.get, "models")
        // A list, or an object with one; as in the official SDK, which takes both, `data` may be null or missing.
        guard let models = answer.arrayValue ?? answer.objectValue.map({ $0["data"]?.arrayValue ?? [] }) else {
            throw malformed("a list of models")
        }
        return models
    }

    public func model(_ id: String) async throws -> JSONValue { try await client.send(.get, "models/\(segment(id))") }

    // MARK: - Batch jobs

    /// - Parameter query: `model`, `agent_id`, `status`, `created_after`, `created_by_me`, `order_by`, and `metadata`, whose
    ///   members become fields of their own.
    public func batchJobs(_ query: JSONObject) async throws -> [JSONValue] {
        var fields: [(name: String, value: String)] = []
        for (name, value) in query {
            if name == "metadata", let metadata = value.objectValue {
                fields += try metadata.map { ($0, try Self.text($1, "metadata.\($0)")) }
            } else {
                fields += try (value.arrayValue ?? [value]).map { (name, try Self.text($0, name)) }
            }
        }
        return try await pages(of: "batch/jobs", query: fields)
    }

    public func batchJob(_ id: String) async throws -> JSONValue {
        try await client.send(.get, "batch/jobs/\(segment(id))")
    }

    /// A job is not sent again when its answer got lost: it may run already. ``batchJobs(_:)`` tells.
    public func createBatchJob(_ job: JSONObject) async throws -> JSONValue {
        try BatchRules.check(job)
        return try await client.send(.post, "batch/jobs", body: .object(job), isRepeatable: false)
    }

    public func cancelBatchJob(_ id: String) async throws -> JSONValue {
        try await client.send(.post, "batch/jobs/\(segment(id))/cancel")
    }

    // MARK: - Lists in pages

    /// All of a list that comes in pages, from page 0 on.
    func pages(of path: String, query: [(name: String, value: String)]) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        var last: [JSONValue] = []
        for page in 0... {
            let place = [("page", "\(page)"), ("page_size", "\(Self.pageSize)")].map { (name: $0, value: $1) }
            let answer = try await client.send(.get, path, query: place + query)
            // A page may be null or missing when there is nothing; of agents and conversations it is the list itself.
            let data = answer.arrayValue ?? answer["data"]?.arrayValue ?? []
            // A server may give fewer than it was asked for; where it tells how many there are, that counts.
            if let total = answer["total"]?.integerValue {
                all += data
                if data.isEmpty || all.count >= total { break }
            } else {
                // A server that knows no pages gives the same one for ever.
                if page > 0, data == last { break }
                last = data
                all += data
                if data.count < Self.pageSize { break }
            }
        }
        return all
    }

    /// `id` as one part of a path, whatever it holds; without one the path would mean the list.
    func segment(_ id: String) throws(ModelError) -> String {
        guard !id.isEmpty else { throw MistralRule.refusal("id", "an id", "\"\"") }
        return FormURLEncoding.percentEncoded(id)
    }

    func malformed(_ what: String) -> ModelError {
        ModelError(.invalidResponse, "the answer of \(client.api.service) is not \(what)")
    }

    private static func text(_ value: JSONValue, _ name: String) throws -> String {
        if let text = value.stringValue { return text }
        switch value {
        case .integer, .number, .bool: return try value.serialized()
        default: throw MistralRule.refusal(name, "a string, a number or a boolean", value.typeName)
        }
    }
}
