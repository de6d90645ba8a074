// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import RunStores

/// Brings a job of a batch to the provider once, however often it is begun, waits for it, and fetches what came of it.
///
/// Each step is noted before it is begun and after it is done. A step that was begun and not seen to end is looked up at the provider
/// before it is done again: the upload by its name, which is unique, the job by its input file.
struct JobWorker: Sendable {
    /// What came of a job.
    struct Results: Sendable {
        let job: ItemJob
        let results: BatchResults
        /// Why requests without a result have none.
        let reason: String

        func missing(_ customID: String) -> BatchResult {
            BatchResult(["custom_id": .string(customID), "response": .null, "error": ["message": .string(reason)]])
        }
    }

    /// So often in a row the state of a job may fail to come.
    private static let maximumFailures = 20
    private static let firstDelay = 1.0

    let platform: any Platform
    let store: BatchStore
    /// Between two questions, at most, in seconds.
    let interval: Double
    let note: @Sendable (String) -> Void

    // MARK: - The input

    /// A name that no other upload has.
    func newName() -> String { "agent-batch-\(RunID.new()).jsonl" }

    private func path(_ name: String) -> String { "\(store.path).\(name)" }

    /// - Returns: how many bytes that is.
    func write(_ lines: [String], _ name: String) throws -> Int {
        var bytes: [UInt8] = []
        for line in lines { bytes += line.utf8 }
        do {
            try AtomicFile.write(bytes, to: path(name))
        } catch let problem as FileProblem {
            throw ConfigurationError("\(problem)")
        }
        return bytes.count
    }

    func remove(_ name: String) { unlink(path(name)) }

    // MARK: - The job

    /// - Parameter isResumed: whether it was begun by an earlier start.
    /// - Returns: `nil` when it was never sent, and its input is gone.
    func results(of job: ItemJob, isResumed: Bool) async throws -> Results? {
        var job = job
        if job.id == nil {
            guard try await submit(&job, isResumed) else { return nil }
        } else {
            note("going on with batch job \(job.id ?? "")")
        }
        let id = job.id ?? ""
        let last: BatchJob
        do {
            last = try await finished(id)
        } catch let error as CancellationError {
            note(
                "batch job \(id) goes on without us; the same command waits for it again, agent batch cancel \(id) stops it"
            )
            throw error
        }
        let results = try await platform.batchResults(of: last)
        job.step = .over
        let problem = last.problem.map { ": \($0)" } ?? ""
        return Results(
            job: job, results: results, reason: "batch job \(id): \(last.status)\(problem): no result for this request")
    }

    private func finished(_ id: String) async throws -> BatchJob {
        var delay = min(Self.firstDelay, interval)
        var failures = 0
        var shown = ""
        while true {
            do {
                let job = BatchJob(try await platform.batchJob(id))
                failures = 0
                let text = "batch job \(id): \(job.summary)"
                if text != shown { note(text) }
                shown = text
                if job.isFinished { return job }
            } catch let error as ModelError where Self.passes(error.code) && failures < Self.maximumFailures {
                // A job of hours must not hang on a minute without network.
                failures += 1
                note("batch job \(id): asking again: \(error)")
            }
            try await Task.sleep(for: .seconds(delay))
            delay = min(delay * 1.5, interval)
        }
    }

    private static func passes(_ code: ModelError.Code) -> Bool {
        [.transport, .timeout, .rateLimited, .server, .cut].contains(code)
    }

    // MARK: - Submitting

    private func submit(_ job: inout ItemJob, _ isResumed: Bool) async throws -> Bool {
        if job.file == nil {
            job.file = isResumed ? try await uploadedFile(job) : nil
            if job.file == nil {
                guard access(path(job.name), R_OK) == 0 else { return false }
                let upload = FileUpload(path: path(job.name), name: job.name, purpose: "batch")
                job.file = try id(of: try await platform.upload(upload, onProgress: { _, _ in }), "an upload")
            }
        }
        let file = job.file ?? ""
        let mayBeThere = job.step == .creating
        job.step = .creating
        try store.update(job)
        job.id = mayBeThere ? try await existingJob(of: file) : nil
        if job.id == nil { job.id = try id(of: try await create(job, file), "a batch job") }
        job.step = .submitted
        try store.update(job)
        note("batch job \(job.id ?? ""): submitted")
        return true
    }

    private func create(_ job: ItemJob, _ file: String) async throws -> JSONValue {
        try await platform.createBatchJob([
            "input_files": [.string(file)], "endpoint": "/v1/chat/completions", "model": .string(job.model),
            "metadata": ["agent_batch": .string(job.name)],
        ])
    }

    private func uploadedFile(_ job: ItemJob) async throws -> String? {
        try await platform.files(FileQuery(purpose: "batch", search: job.name)).first { file in
            file["filename"]?.stringValue == job.name
                && file["bytes"]?.integerValue.map { Int($0) == job.byteCount } ?? true
        }?["id"]?.stringValue
    }

    private func existingJob(of file: String) async throws -> String? {
        try await platform.batchJobs([:]).map { BatchJob($0) }.first { $0.inputFiles.contains(file) }?.id
    }

    private func id(of answer: JSONValue, _ what: String) throws -> String {
        guard let id = answer["id"]?.stringValue, !id.isEmpty else {
            throw ModelError(.invalidResponse, "the answer to \(what) has no id")
        }
        return id
    }
}
