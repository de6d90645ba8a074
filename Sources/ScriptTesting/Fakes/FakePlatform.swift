// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// Batch jobs whose requests are answered by a test: by what was said last in them, or by their `custom_id`. They are over at once.
final class FakePlatform: Platform {
    private struct Job {
        var fields: JSONObject
        var lines: [String]
    }

    private let answers: FakeAnswers
    private let asked: AskedFakes
    private let jobs = Mutex<[Job]>([])

    init(_ answers: FakeAnswers, _ asked: AskedFakes) {
        self.answers = answers
        self.asked = asked
    }

    static func check(_ value: JSONValue, _ place: String) throws(Misuse) {
        guard value.stringValue != nil || value.objectValue != nil else {
            throw Misuse("\(place): expected a text, or the body of a response, found \(Shown.value(value))")
        }
    }

    // MARK: - Batch jobs

    func createBatchJob(_ job: JSONObject) async throws -> JSONValue {
        guard let requests = job["requests"]?.arrayValue else { throw missing("a batch job of uploaded files") }
        var fields = job
        fields["requests"] = nil
        fields["total_requests"] = .integer(Int64(requests.count))
        let lines = try requests.map { try line($0, job) }
        let failed = lines.count { $0["error"]?.isNull == false }
        fields["completed_requests"] = .integer(Int64(lines.count))
        fields["succeeded_requests"] = .integer(Int64(lines.count - failed))
        fields["failed_requests"] = .integer(Int64(failed))
        let texts = try lines.map { try $0.serialized() }
        return jobs.withLock { jobs in
            let number = jobs.count + 1
            fields["id"] = .string("job-\(number)")
            fields["status"] = "SUCCESS"
            fields["output_file"] = .string("job-\(number)-results")
            jobs.append(Job(fields: fields, lines: texts))
            return .object(fields)
        }
    }

    private func line(_ request: JSONValue, _ job: JSONObject) throws -> JSONValue {
        let id = request["custom_id"] ?? .null
        let said = request["body"]?["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
        asked.note("batch", ["model": job["model"] ?? .null, "input": .string(said), "custom_id": id])
        do {
            let value = try answers.answer(said, id.stringValue ?? "")
            let choice: JSONValue = [
                "index": 0, "finish_reason": "stop", "message": ["role": "assistant", "content": value],
            ]
            let body: JSONValue = value.stringValue == nil ? value : ["choices": [choice]]
            return ["custom_id": id, "response": ["status_code": 200, "body": body], "error": .null]
        } catch let error as ModelError {
            return ["custom_id": id, "response": .null, "error": ["message": .string(error.message)]]
        }
    }

    func batchJob(_ id: String) async throws -> JSONValue {
        let job = jobs.withLock { $0.first { $0.fields["id"]?.stringValue == id } }
        guard let job else { throw ModelError(.invalidRequest, "there is no batch job \(id)") }
        return .object(job.fields)
    }

    func batchJobs(_ query: JSONObject) async throws -> [JSONValue] { jobs.withLock { $0.map { .object($0.fields) } } }

    func cancelBatchJob(_ id: String) async throws -> JSONValue { try await batchJob(id) }

    func download(_ id: String, onPiece: ([UInt8]) async throws -> Void) async throws {
        let job = jobs.withLock { $0.first { $0.fields["output_file"]?.stringValue == id } }
        guard let job else { throw missing("agent.files.download '\(id)'") }
        try await onPiece(Array(job.lines.map { $0 + "\n" }.joined().utf8))
    }

    // MARK: - What is not faked

    private func missing(_ what: String) -> MissingFake {
        asked.missing(what, known: answers.known.map { "batch['\($0)']" })
    }

    func models() async throws -> [JSONValue] { throw missing("agent.models") }
    func model(_ id: String) async throws -> JSONValue { throw missing("agent.models") }
    func files(_ query: FileQuery) async throws -> [JSONValue] { throw missing("agent.files.list") }
    func file(_ id: String) async throws -> JSONValue { throw missing("agent.files.get") }
    func upload(
        _ file: FileUpload, onProgress: @escaping @Sendable (_ sent: Int, _ total: Int) -> Void
    ) async throws -> JSONValue { throw missing("agent.files.upload") }
    func signedURL(_ id: String, hours: Int) async throws -> String { throw missing("agent.files.url") }
    func deleteFile(_ id: String) async throws -> JSONValue { throw missing("agent.files.delete") }
}
