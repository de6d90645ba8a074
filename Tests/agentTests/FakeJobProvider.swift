// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Synchronization
import Testing

/// A provider that does batch jobs of chat requests.
final class FakeJobProvider: Sendable {
    /// What becomes of a request of a job: the status and the body of its line; `nil` and there is no line.
    typealias Answer = @Sendable (_ body: JSONValue) -> (status: Int, body: JSONValue)?

    private struct State {
        /// The lines of each upload, and its name.
        var files: [(name: String, lines: [JSONValue])] = []
        /// The input of each job.
        var jobs: [(file: Int, json: JSONValue)] = []
        var polls = 0
        /// Uploads and jobs that are done and not told of.
        var lost: Set<String> = []
    }

    private let state = Mutex(State())
    private let answer: Answer
    private let status: @Sendable (_ job: Int) -> String
    /// What the answer to a question about a job waits for.
    private let polled: @Sendable () async -> Void

    /// - Parameters:
    ///   - losing: paths of which the first POST is done, and its connection closed.
    ///   - status: of a job, counted from 1, whenever it is asked for.
    init(
        losing: Set<String> = [], status: @escaping @Sendable (Int) -> String = { _ in "SUCCESS" },
        polled: @escaping @Sendable () async -> Void = {}, answer: @escaping Answer
    ) {
        self.answer = answer
        self.status = status
        self.polled = polled
        state.withLock { $0.lost = losing }
    }

    /// The requests of each job.
    var jobs: [[JSONValue]] { state.withLock { state in state.jobs.map { state.files[$0.file].lines } } }
    var created: [JSONValue] { state.withLock { $0.jobs.map(\.json) } }
    var uploadCount: Int { state.withLock(\.files.count) }

    @Sendable func reply(_ request: FakeRequest) async -> FakeReply {
        let path = String(request.path.prefix { $0 != "?" })
        let parts = path.split(separator: "/").map(String.init)
        switch (request.method, path) {
        case ("POST", "/v1/files"): return told(path, upload(request))
        case ("GET", "/v1/files"):
            let files = state.withLock(\.files).enumerated().map { place, file -> JSONValue in
                ["id": .string("file-\(place)"), "filename": .string(file.name)]
            }
            return .json(["data": .array(files), "total": .integer(Int64(files.count))])
        case ("POST", "/v1/batch/jobs"): return told(path, create(request))
        case ("GET", "/v1/batch/jobs"):
            let jobs = (0..<state.withLock(\.jobs.count)).map(job)
            return .json(["data": .array(jobs), "total": .integer(Int64(jobs.count))])
        case ("GET", _) where path.hasPrefix("/v1/batch/jobs/job-"):
            await polled()
            return .json(job((Int(parts[3].dropFirst(4)) ?? 1) - 1))
        case ("GET", _) where path.hasSuffix("/content"): return results(parts[2])
        default: return .json(["message": "not a job"], status: 404)
        }
    }

    private func told(_ path: String, _ reply: FakeReply) -> FakeReply {
        state.withLock { $0.lost.remove(path) } == nil ? reply : FakeReply(steps: [.close])
    }

    private func upload(_ request: FakeRequest) -> FakeReply {
        let text = String(decoding: request.body, as: UTF8.self)
        let name = text.firstMatch(of: /filename="([^"]+)"/).map { String($0.1) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("{\"custom_id\"") }
        let values = lines.compactMap { try? JSONValue(parsing: String($0)) }
        let place = state.withLock { state in
            state.files.append((name, values))
            return state.files.count - 1
        }
        return .json(["id": .string("file-\(place)"), "filename": .string(name)])
    }

    private func create(_ request: FakeRequest) -> FakeReply {
        guard let json = try? request.json, let file = json["input_files"]?[0]?.stringValue?.dropFirst(5) else {
            return .json(["message": "no input"], status: 422)
        }
        let number = state.withLock { state in
            state.jobs.append((Int(file) ?? 0, json))
            return state.jobs.count
        }
        return .json(["id": .string("job-\(number)"), "status": "QUEUED"])
    }

    private func job(_ place: Int) -> JSONValue {
        let (file, count) = state.withLock { state in
            (state.jobs[place].file, state.files[state.jobs[place].file].lines.count)
        }
        return [
            "id": .string("job-\(place + 1)"), "status": .string(status(place + 1)),
            "input_files": [.string("file-\(file)")], "output_file": .string("out-\(place)"),
            "error_file": .string("err-\(place)"), "total_requests": .integer(Int64(count)),
        ]
    }

    private func results(_ name: String) -> FakeReply {
        let place = Int(name.dropFirst(4)) ?? 0
        let lines = jobs[place].reversed().compactMap { line -> String? in
            guard let (status, body) = answer(line["body"] ?? .null) else { return nil }
            guard (status < 300) == name.hasPrefix("out") else { return nil }
            let result: JSONValue = [
                "custom_id": line["custom_id"] ?? .null,
                "response": ["status_code": .integer(Int64(status)), "body": body], "error": .null,
            ]
            return try? result.serialized()
        }
        return FakeReply(text: lines.joined(separator: "\n") + "\n")
    }

    /// The body of an answer.
    static func completion(_ text: String, calls: JSONValue? = nil) -> (status: Int, body: JSONValue) {
        var message: JSONObject = ["role": "assistant", "content": .string(text)]
        message["tool_calls"] = calls
        return (
            200,
            [
                "id": "x", "model": "mistral-small-latest",
                "choices": [
                    [
                        "index": 0, "message": .object(message),
                        "finish_reason": calls == nil ? "stop" : "tool_calls",
                    ]
                ],
                "usage": ["prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000],
            ]
        )
    }
}
