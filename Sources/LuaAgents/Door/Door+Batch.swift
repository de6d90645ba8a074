// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    func batch(_ request: DoorRequest) async throws -> LuaAnswer {
        switch request.operation {
        case "batch.create": return try await createBatch(request)
        case "batch.list": return try await listBatches(request)
        case "batch.wait": return try await waitForBatch(request)
        case "batch.results": return try await batchResults(request)
        case "batch.get":
            let id = try request.string(0, "id")
            return try await onPlatform { .said(try await $0.batchJob(id)) }
        case "batch.cancel":
            let id = try request.string(0, "id")
            return try await onPlatform { .said(try await $0.cancelBatchJob(id)) }
        default: throw Misuse("agent.\(request.operation) is not an operation")
        }
    }

    private func createBatch(_ request: DoorRequest) async throws -> LuaAnswer {
        let job = try BatchSpec(try request.json(0)).fields
        if let policy = environment.overrides.guardrails.first {
            throw DeniedError(
                "agent.batch.create: requests of a batch job cannot be held to the guardrails that hold here (\(policy.owner))",
                flags: [])
        }
        return try await onPlatform { .said(try await $0.createBatchJob(job)) }
    }

    private func listBatches(_ request: DoorRequest) async throws -> LuaAnswer {
        let known = ["model", "agent_id", "metadata", "created_after", "created_by_me", "status", "order_by"]
        let query = try request.json(0)
        _ = try CallOptions(query, of: "agent.batch.list", known: known)
        return try await onPlatform { .said(.array(try await $0.batchJobs(query.objectValue ?? [:]))) }
    }

    private func waitForBatch(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = try request.string(0, "id")
        let options = try CallOptions(
            try request.json(1), of: "agent.batch.wait", known: ["interval", "timeout", "on_status"])
        let seconds = { (name: String) throws(Misuse) in
            try options.optional(name) { field throws(Misuse) in Duration.seconds(try field.number(in: 0...1e9)) }
        }
        let interval = try seconds("interval") ?? .seconds(5)
        let timeout = try seconds("timeout")
        let listener = try request.json(2).integerValue
        return try await onPlatform { platform in
            let job = try await platform.finishedBatchJob(id, interval: interval, timeout: timeout) { job in
                if let listener { try await tell(listener, job.json.withoutNullMembers) }
            }
            guard job.isFinished else { return .failure("batch job \(id) is not over yet: \(job.summary)") }
            return .said(job.json)
        }
    }

    private func batchResults(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = try request.string(0, "id")
        let options = try CallOptions(try request.json(1), of: "agent.batch.results", known: ["order"])
        let order = try options.optional("order") { field throws(Misuse) in try field.strings() }
        return try await onPlatform { platform in
            let job = BatchJob(try await platform.batchJob(id))
            guard job.isFinished else {
                return .failure("batch job \(id) is not over yet (\(job.summary)); wait with agent.batch.wait")
            }
            let results = try await platform.batchResults(of: job)
            if results.results.isEmpty, job.status != "SUCCESS" {
                return .failure("batch job \(id): \(job.status)" + (job.problem.map { ": \($0)" } ?? ""))
            }
            let ordered = order.map { results.ordered(by: $0) } ?? results.ordered
            return .said(.array(ordered.map(\.scriptValue)))
        }
    }
}

/// What `agent.batch.create` was given, checked.
private struct BatchSpec {
    let fields: JSONObject

    /// - Throws: ``Misuse`` that names the field.
    init(_ value: JSONValue) throws(Misuse) {
        let operation = "agent.batch.create"
        let options = try CallOptions(
            value, of: operation,
            known: ["endpoint", "input_files", "requests", "model", "agent_id", "metadata", "timeout_hours"])
        var fields = value.objectValue ?? [:]
        fields["endpoint"] = .string(try options.string("endpoint") ?? "/v1/chat/completions")
        let files = try options.optional("input_files") { field throws(Misuse) in try field.strings() }
        let requests = try options.optional("requests") { field throws(Misuse) in try field.list() }
        guard (files == nil) != (requests == nil) else {
            throw Misuse("\(operation): expected input_files (ids of uploaded files) or requests, and one of them")
        }
        if let files { fields["input_files"] = .array(files.map { .string($0) }) }
        if let requests { fields["requests"] = .array(try Self.checked(requests, operation)) }
        if let hours = try options.count("timeout_hours", from: 1), hours > 168 {
            throw Misuse("\(operation): timeout_hours: expected 1 to 168, found \(hours)")
        }
        _ = try (options.string("model"), options.string("agent_id"))
        _ = try options.optional("metadata") { field throws(Misuse) in try field.object() }
        self.fields = fields
    }

    private static func checked(_ requests: [JSONValue], _ operation: String) throws(Misuse) -> [JSONValue] {
        guard (1...10_000).contains(requests.count) else {
            throw Misuse(
                "\(operation): requests: expected 1 to 10000, found \(requests.count); for more upload a file of lines")
        }
        var ids: Set<String> = []
        for (place, request) in requests.enumerated() {
            let name = "\(operation): requests[\(place + 1)]"
            guard request["body"]?.objectValue != nil else { throw Misuse("\(name): body: expected a table") }
            guard let id = request["custom_id"]?.stringValue, !id.isEmpty else {
                throw Misuse("\(name): custom_id: expected a string, by which its result is found")
            }
            guard ids.insert(id).inserted else { throw Misuse("\(name): custom_id \"\(id)\" is there twice") }
        }
        return requests
    }
}
