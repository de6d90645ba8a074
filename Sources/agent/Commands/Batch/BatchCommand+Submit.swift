// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

extension BatchCommand {
    struct Submit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a file of requests, and with --wait brings the results.",
            discussion: """
                A line is { "custom_id": "1", "body": { "messages": […] } }; all lines are checked before anything is sent. \
                A state beside the file (FILE.batch.json) tells how far it came: run the same command again after a \
                crash, a Ctrl-C or without --wait, and it goes on; nothing is sent or paid for twice.
                Results come in the order of the requests. Exits with 8 when the job or one of its requests failed.
                """)

        @OptionGroup var options: ServiceOptions
        @Option(help: "Where the requests go.") var endpoint: String?
        @Option(help: "The model of all requests; may stand in each body instead.") var model: String?
        @Flag(help: "Wait for the results and print them, or write them to -o.") var wait = false
        @Option(help: ArgumentHelp("With --wait: how often to ask.", valueName: "seconds")) var interval = 10.0
        @Option(help: ArgumentHelp("Where to keep how far it came.", valueName: "file")) var state: String?
        @Flag(help: "Forget an earlier submission of this file.") var again = false
        @Argument(help: ArgumentHelp("The requests.", valueName: "file.jsonl")) var file: String

        func validate() throws {
            guard interval >= 0, interval <= 86_400 else {
                throw ValidationError("--interval: expected 0 to 86400 seconds, found \(interval)")
            }
            if options.output != nil, !wait { throw ValidationError("-o is for the results: add --wait") }
            if let endpoint, !endpoint.hasPrefix("/v1/") {
                throw ValidationError("--endpoint: expected a path such as /v1/chat/completions, found '\(endpoint)'")
            }
        }

        func run() async throws {
            let session = try ServiceSession(options)
            if let policy = try GuardrailOptions.standing(ConfigFile.load()).first {
                throw BlockedByPolicy(
                    "requests of a batch job cannot be held to the guardrails that hold here (\(policy))")
            }
            try await session.run {
                let input = try BatchFile(file)
                try input.lock()
                let path = state ?? file + ".batch.json"
                let earlier = again ? nil : try BatchState.load(path)
                if let earlier { try check(earlier, against: input, path) }
                let start = try earlier ?? newState(input)
                if options.dryRun {
                    let place = start.fileID ?? "(id of the upload)"
                    return try session.emit(.object(BatchSubmission.fields(start, fileID: place)))
                }
                let platform = try session.services.platform()
                var submission = BatchSubmission(
                    platform: platform, statePath: path, session: session, state: start)
                let job = try await submission.submit(input, isResumed: earlier != nil)
                if wait {
                    try await finish(job, input, platform, session)
                } else if options.json {
                    try session.emit(job.json)
                } else {
                    session.emit(job.id + "\n")
                }
            }
        }

        private func newState(_ input: BatchFile) throws -> BatchState {
            guard model != nil || input.input.bodiesNameModels else {
                throw UsageError("\(file): not every body names a model; say which with --model")
            }
            return BatchState(input, endpoint: endpoint ?? "/v1/chat/completions", model: model)
        }

        /// - Throws: ``UsageError`` when this is not the submission that was begun.
        private func check(_ earlier: BatchState, against input: BatchFile, _ path: String) throws {
            let job = earlier.jobID.map { "as batch job \($0)" } ?? "and did not end"
            let hint = "submit it anew with --again, or keep another state with --state"
            guard earlier.hash == BatchState.hash(of: input), earlier.byteCount == input.input.byteCount else {
                throw UsageError("\(file) has changed since its submission began \(job) (\(path)); \(hint)")
            }
            if let endpoint, endpoint != earlier.endpoint {
                throw UsageError("\(file) was submitted \(job) to \(earlier.endpoint), not \(endpoint); \(hint)")
            }
            if let model, model != earlier.model {
                throw UsageError(
                    "\(file) was submitted \(job) with \(earlier.model ?? "no model"), not \(model); \(hint)")
            }
        }

        private func finish(
            _ job: BatchJob, _ input: BatchFile, _ platform: any Platform, _ session: ServiceSession
        ) async throws {
            do {
                var last = job
                if !job.isFinished {
                    last = try await platform.finishedBatchJob(job.id, interval: .seconds(interval)) { job in
                        session.progress("batch job \(job.id): \(job.summary)")
                    }
                }
                try await BatchReport(job: last, order: input.input.customIDs).show(platform, session)
            } catch let error as CancellationError {
                session.note("batch job \(job.id) goes on without us; run the same command again to wait for it")
                throw error
            }
        }
    }
}
