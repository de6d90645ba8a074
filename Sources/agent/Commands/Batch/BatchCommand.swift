// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", _superCommandName: "agent", abstract: "Runs a task for each line of a file.",
        discussion: """
            agent batch inputs.jsonl task.lua runs the task here, some items at a time, and goes on where it was ended. \
            The other subcommands are the provider's batch jobs: raw requests, at half the price, later; start with \
            agent batch submit requests.jsonl --model mistral-small-latest --wait -o results.jsonl
            """,
        subcommands: [Run.self, Submit.self, List.self, Get.self, Cancel.self, Results.self],
        defaultSubcommand: Run.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists jobs.", discussion: "A line a job: id, status, requests done and in all, model.")

        @OptionGroup var options: ServiceOptions
        @Option(help: "Only jobs in this state: QUEUED, RUNNING, SUCCESS, FAILED, …") var status: [String] = []
        @Option(help: "Only jobs with this model.") var model: String?

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                var query = JSONObject()
                if !status.isEmpty { query["status"] = .array(status.map { .string($0) }) }
                if let model { query["model"] = .string(model) }
                let jobs = try await session.services.platform().batchJobs(query)
                if options.json { return try session.emit(.array(jobs)) }
                for job in jobs.map({ BatchJob($0) }) {
                    let model = job.json["model"]?.stringValue ?? "-"
                    session.emit("\(job.id)\t\(job.status)\t\(job.completed)/\(job.total)\t\(model)\n")
                }
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows a job.")

        @OptionGroup var options: ServiceOptions
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let job = try await session.services.platform().batchJob(id)
                session.emit(try job.serialized(indent: options.json ? nil : 2) + "\n")
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stops a job.")

        @OptionGroup var options: ServiceOptions
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let job = BatchJob(try await session.services.platform().cancelBatchJob(id))
                if options.json { try session.emit(job.json) } else { session.note("\(id): \(job.status)") }
            }
        }
    }

    struct Results: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches the results of a job that is over.",
            discussion: """
                Prints a line a request, as the provider gives it, in the order of --input, else by custom_id. Exits with 8 \
                when a request failed.
                """)

        @OptionGroup var options: ServiceOptions
        @Option(help: ArgumentHelp("The file of requests, for its order.", valueName: "file.jsonl")) var input: String?
        @Argument(help: "The job's id.") var id: String

        func run() async throws {
            let session = try ServiceSession(options)
            try await session.run {
                let order = try input.map { try BatchFile($0).input.customIDs }
                let platform = try session.services.platform()
                let job = BatchJob(try await platform.batchJob(id))
                guard job.isFinished else {
                    throw UsageError("batch job \(id) is not over yet (\(job.summary))")
                }
                try await BatchReport(job: job, order: order).show(platform, session)
            }
        }
    }
}

/// The results of a job that is over: lines on stdout, failures on stderr and in the exit code.
struct BatchReport {
    /// Failures that are named one by one.
    private static let shownFailures = 10

    let job: BatchJob
    /// `custom_id`s of the requests; `nil` when their order is not known.
    let order: [String]?

    /// - Throws: ``ExitStatus/provider`` behind the results when a request failed; ``ModelError`` when the job did.
    func show(_ platform: any Platform, _ session: ServiceSession) async throws {
        let results = try await platform.batchResults(of: job)
        guard job.status == "SUCCESS" || !results.results.isEmpty else {
            throw ModelError(.server, "batch job \(job.id): \(job.status)" + (job.problem.map { ": \($0)" } ?? ""))
        }
        let ordered = order.map { results.ordered(by: $0) } ?? results.ordered
        for result in ordered { try session.emit(result.line) }
        let failures = ordered.filter(\.isFailure)
        guard job.status != "SUCCESS" || !failures.isEmpty else { return }
        for failure in failures.prefix(Self.shownFailures) {
            session.note("\(failure.customID): \(failure.error ?? "")", always: true)
        }
        session.note("\(job.status): \(failures.count) of \(ordered.count) requests failed", always: true)
        throw ExitStatus.provider
    }
}
