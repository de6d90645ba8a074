// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The models, files and batch jobs of `--dry-run`: prints the first call it gets and ends the command.
struct DryRunPlatform: Platform {
    let print: @Sendable (String) -> Void

    func models() async throws -> [JSONValue] { try show("GET models") }
    func model(_ id: String) async throws -> JSONValue { try show("GET models/ID", ["id": .string(id)]) }

    func files(_ query: FileQuery) async throws -> [JSONValue] {
        var fields = JSONObject()
        fields["purpose"] = query.purpose.map { .string($0) }
        fields["search"] = query.search.map { .string($0) }
        try show("GET files", fields)
    }

    func file(_ id: String) async throws -> JSONValue { try show("GET files/ID", ["id": .string(id)]) }

    func upload(
        _ file: FileUpload, onProgress: @escaping @Sendable (_ sent: Int, _ total: Int) -> Void
    ) async throws -> JSONValue {
        try show(
            "POST files",
            ["purpose": .string(file.purpose), "filename": .string(file.name), "file": .string(file.path)])
    }

    func download(_ id: String, onPiece: ([UInt8]) async throws -> Void) async throws {
        try show("GET files/ID/content", ["id": .string(id)])
    }

    func signedURL(_ id: String, hours: Int) async throws -> String {
        try show("GET files/ID/url", ["id": .string(id), "expiry": .integer(Int64(hours))])
    }

    func deleteFile(_ id: String) async throws -> JSONValue { try show("DELETE files/ID", ["id": .string(id)]) }

    func batchJobs(_ query: JSONObject) async throws -> [JSONValue] { try show("GET batch/jobs", query) }
    func batchJob(_ id: String) async throws -> JSONValue { try show("GET batch/jobs/ID", ["id": .string(id)]) }
    func createBatchJob(_ job: JSONObject) async throws -> JSONValue { try show("POST batch/jobs", job) }

    func cancelBatchJob(_ id: String) async throws -> JSONValue {
        try show("POST batch/jobs/ID/cancel", ["id": .string(id)])
    }

    private func show(_ call: String, _ fields: JSONObject = [:]) throws -> Never {
        var request: JSONObject = ["call": .string(call)]
        for (name, value) in fields { request[name] = value }
        print(try JSONValue.object(request).serialized(indent: 2) + "\n")
        throw ExitStatus.done
    }
}
