// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// `agent batch submit` and what happens when it is interrupted.
@Suite struct BatchCommandTests {
    private static let requests = """
        {"custom_id":"b","body":{"messages":[{"role":"user","content":"1"}]}}
        {"custom_id":"a","body":{"messages":[{"role":"user","content":"2"}]}}

        """
    private static func line(_ id: String, _ status: Int) -> String {
        #"{"custom_id":"\#(id)","response":{"status_code":\#(status),"body":{"n":1}},"error":null}"#
    }
    private let submit = [
        "batch", "submit", "r.jsonl", "--model", "mistral-small-latest", "--wait", "--interval", "0", "-o", "out.jsonl",
    ]

    private func command(_ service: FakeBatchService) throws -> Command {
        let command = try Command(server: service.server)
        try command.folder.write(Self.requests, to: "r.jsonl")
        return command
    }

    @Test func resultsComeInTheOrderOfTheRequests() async throws {
        let service = try await FakeBatchService.start(results: [Self.line("a", 200), Self.line("b", 200)])
        let command = try command(service)
        let outcome = try await command.run(submit)
        #expect((outcome.status, outcome.out) == (0, ""), "\(outcome.err)")
        #expect(
            try command.folder.read("out.jsonl")
                == [Self.line("b", 200), Self.line("a", 200), ""].joined(separator: "\n"))
        #expect(outcome.err.contains("batch job job-1: 2 requests"), "\(outcome.err)")
        #expect(
            try service.created.first?.json == [
                "input_files": ["file-1"], "endpoint": "/v1/chat/completions", "model": "mistral-small-latest",
            ])
        await service.server.shutdown()
    }

    @Test func failedAndMissingLinesAreToldAndExitWith8() async throws {
        let service = try await FakeBatchService.start(results: [Self.line("a", 500)])
        let command = try command(service)
        let outcome = try await command.run(submit)
        #expect(outcome.status == 8)
        #expect(outcome.err.contains("SUCCESS: 2 of 2 requests failed"), "\(outcome.err)")
        #expect(outcome.err.contains("b: no result came for this request"), "\(outcome.err)")
        #expect(try command.folder.read("out.jsonl").contains(#""custom_id":"b","response":null"#))
        await service.server.shutdown()
    }

    @Test func withoutWaitItPrintsTheJobAndALaterRunGoesOn() async throws {
        let service = try await FakeBatchService.start(results: [Self.line("a", 200), Self.line("b", 200)])
        let command = try command(service)
        let first = try await command.run(["batch", "submit", "r.jsonl", "--model", "mistral-small-latest"])
        #expect((first.status, first.out) == (0, "job-1\n"), "\(first.err)")
        let second = try await command.run(submit)
        #expect(second.status == 0, "\(second.err)")
        #expect(second.err.contains("going on with batch job job-1"), "\(second.err)")
        #expect((service.uploads.count, service.created.count) == (1, 1))
        await service.server.shutdown()
    }

    /// Both the upload and the job were done, and nobody heard of it.
    @Test func lostAnswersAreLookedUpAndNothingIsDoneTwice() async throws {
        let service = try await FakeBatchService.start(
            results: [Self.line("a", 200), Self.line("b", 200)], losesAnswers: true)
        let command = try command(service)
        #expect(try await command.run(submit).status == 8)
        #expect(try await command.run(submit).status == 8)
        let third = try await command.run(submit)
        #expect(third.status == 0, "\(third.err)")
        #expect((service.uploads.count, service.created.count) == (1, 1))
        await service.server.shutdown()
    }

    @Test func aKilledSubmissionGoesOn() async throws {
        let gate = Gate()
        let service = try await FakeBatchService.start(
            results: [Self.line("a", 200), Self.line("b", 200)], holdsJobUntil: gate)
        let command = try command(service)
        _ = try await command.run(submit, ending: .kill) { await service.jobWasAsked() }
        gate.open()
        let again = try await command.run(submit)
        #expect(again.status == 0, "\(again.err)")
        #expect((service.uploads.count, service.created.count) == (1, 1))
        await service.server.shutdown()
    }

    @Test func ctrlCLeavesTheJobAndSaysHowToGoOn() async throws {
        let service = try await FakeBatchService.start(results: [], status: "RUNNING")
        let command = try command(service)
        let arguments = ["batch", "submit", "r.jsonl", "--model", "m", "--wait", "--interval", "3600"]
        let result = try await Subprocess.run(
            .path(FilePath(Command.path)), arguments: .init(arguments), environment: command.environment,
            workingDirectory: FilePath(command.folder.path), input: .none, output: .discarded,
            error: .fileDescriptor(
                try .open(
                    FilePath(command.folder.path + "/err"), .writeOnly, options: .create,
                    permissions: .ownerReadWrite), closeAfterSpawningProcess: true)
        ) { execution in
            // The upload, the job, and the first question.
            await service.server.received(3)
            try execution.send(signal: .interrupt)
        }
        #expect(Command.code(result.terminationStatus) == 130)
        let said = try command.folder.read("err")
        #expect(said.contains("batch job job-1 goes on without us; run the same command again"), "\(said)")
        await service.server.shutdown()
    }

    @Test func aChangedFileIsRefusedUntilAgain() async throws {
        let service = try await FakeBatchService.start(results: [Self.line("a", 200), Self.line("b", 200)])
        let command = try command(service)
        _ = try await command.run(submit)
        try command.folder.write(Self.requests.replacing("\"1\"", with: "\"3\""), to: "r.jsonl")
        let refused = try await command.run(submit)
        #expect(refused.status == 2)
        #expect(
            refused.err.contains("r.jsonl has changed since its submission began as batch job job-1"), "\(refused.err)")
        #expect(refused.err.contains("--again"))
        #expect(try await command.run(submit + ["--again"]).status == 0)
        #expect(service.uploads.count == 2)
        await service.server.shutdown()
    }

    @Test func wrongLinesAreToldBeforeAnythingIsSent() async throws {
        let service = try await FakeBatchService.start(results: [])
        let command = try command(service)
        try command.folder.write(
            "{\"custom_id\":\"a\",\"body\":{}}\n{\"custom_id\":\"a\",\"body\":{}}\n{\n", to: "r.jsonl")
        let outcome = try await command.run(submit)
        #expect(outcome.status == 2)
        #expect(outcome.err.contains("r.jsonl: line 2: custom_id \"a\" was given to line 1 already"), "\(outcome.err)")
        #expect(outcome.err.contains("r.jsonl: line 3, column 2:"), "\(outcome.err)")
        #expect(service.server.requests.isEmpty)
        #expect(command.folder.names == ["r.jsonl"])
        await service.server.shutdown()
    }

    @Test func aDryRunPrintsTheJob() async throws {
        let service = try await FakeBatchService.start(results: [])
        let command = try command(service)
        let outcome = try await command.run(["batch", "submit", "r.jsonl", "--model", "m", "--dry-run"])
        #expect(
            outcome.out
                == "{\"input_files\":[\"(id of the upload)\"],\"endpoint\":\"/v1/chat/completions\",\"model\":\"m\"}\n")
        #expect(service.server.requests.isEmpty)
        let nameless = try await command.run(["batch", "submit", "r.jsonl", "--dry-run"])
        #expect(nameless.status == 2 && nameless.err.contains("--model"), "\(nameless.err)")
        await service.server.shutdown()
    }

    @Test func jobsAreListedShownAndCancelled() async throws {
        let service = try await FakeBatchService.start(results: [Self.line("a", 200), Self.line("b", 500)])
        let command = try command(service)
        _ = try await command.run(["batch", "submit", "r.jsonl", "--model", "m"])
        #expect(try await command.run(["batch", "list"]).out == "job-1\tSUCCESS\t2/2\t-\n")
        #expect(try JSONValue(parsing: try await command.run(["batch", "get", "job-1"]).out)["status"] == "SUCCESS")
        #expect(try await command.run(["batch", "cancel", "job-1"]).err.contains("CANCELLATION_REQUESTED"))
        let results = try await command.run(["batch", "results", "job-1", "--input", "r.jsonl"])
        #expect(
            (results.status, results.out) == (
                8, [Self.line("b", 500), Self.line("a", 200), ""].joined(separator: "\n")
            ))
        await service.server.shutdown()
    }
}

/// A provider that keeps files and one job.
private final class FakeBatchService: Sendable {
    private struct State {
        var fileNames: [String] = []
        var uploads: [FakeRequest] = []
        var created: [FakeRequest] = []
        var jobInput: String?
    }

    private let state = Mutex(State())
    private let asked = Gate()
    private let results: [String]
    /// Of the job, whenever it is asked for.
    private let status: String
    private let losesAnswers: Bool
    private let gate: Gate?
    private let running = Mutex<FakeModelServer?>(nil)

    var server: FakeModelServer {
        guard let server = running.withLock(\.self) else { preconditionFailure("the server was started") }
        return server
    }
    var uploads: [FakeRequest] { state.withLock(\.uploads) }
    var created: [FakeRequest] { state.withLock(\.created) }

    /// - Parameters:
    ///   - losesAnswers: whether the first upload and the first job are taken, and the connection closed.
    ///   - gate: what the answer to a new job waits for.
    static func start(
        results: [String], status: String = "SUCCESS", losesAnswers: Bool = false, holdsJobUntil gate: Gate? = nil
    ) async throws -> FakeBatchService {
        let service = FakeBatchService(results: results, status: status, losesAnswers: losesAnswers, gate: gate)
        let server = try await FakeModelServer.start { await service.answer($0) }
        service.running.withLock { $0 = server }
        return service
    }

    private init(results: [String], status: String, losesAnswers: Bool, gate: Gate?) {
        self.results = results
        self.status = status
        self.losesAnswers = losesAnswers
        self.gate = gate
    }

    func jobWasAsked() async { await asked.pass() }

    private func answer(_ request: FakeRequest) async -> FakeReply {
        let path = request.path.prefix { $0 != "?" }
        switch (request.method, path) {
        case ("POST", "/v1/files"): return upload(request)
        case ("GET", "/v1/files"):
            let files = state.withLock(\.fileNames).enumerated().map { place, name -> JSONValue in
                ["id": .string("file-\(place + 1)"), "filename": .string(name)]
            }
            return .json(["data": .array(files), "total": .integer(Int64(files.count))])
        case ("POST", "/v1/batch/jobs"): return await create(request)
        case ("GET", "/v1/batch/jobs"):
            let jobs = state.withLock(\.jobInput).map { [job($0)] } ?? []
            return .json(["data": .array(jobs), "total": .integer(Int64(jobs.count))])
        case ("POST", _): return .json(["id": "job-1", "status": "CANCELLATION_REQUESTED"])
        case (_, "/v1/files/out/content"): return FakeReply(text: results.joined(separator: "\n") + "\n")
        default: return .json(job(state.withLock(\.jobInput) ?? ""))
        }
    }

    private func upload(_ request: FakeRequest) -> FakeReply {
        let text = String(decoding: request.body, as: UTF8.self)
        let name = text.firstMatch(of: /filename="([^"]+)"/).map { String($0.1) } ?? ""
        let count = state.withLock { state in
            state.uploads.append(request)
            state.fileNames.append(name)
            return state.uploads.count
        }
        if losesAnswers && count == 1 { return FakeReply(steps: [.close]) }
        return .json(["id": .string("file-\(count)"), "filename": .string(name)])
    }

    private func create(_ request: FakeRequest) async -> FakeReply {
        let count = state.withLock { state in
            state.created.append(request)
            state.jobInput = (try? request.json["input_files"]?[0]?.stringValue) ?? ""
            return state.created.count
        }
        asked.open()
        await gate?.pass()
        if losesAnswers && count == 1 { return FakeReply(steps: [.close]) }
        return .json(["id": "job-1", "status": "QUEUED"])
    }

    private func job(_ input: String) -> JSONValue {
        [
            "id": "job-1", "status": .string(status), "input_files": [.string(input)], "output_file": "out",
            "total_requests": 2, "completed_requests": 2,
        ]
    }
}
