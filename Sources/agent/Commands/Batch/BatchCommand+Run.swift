// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

extension BatchCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs a task for each line of a file; what is finished survives any end.",
            discussion: """
                A line is a prompt (a JSON string), or an object with prompt or messages and, if it likes, an id. A task that \
                returns an agent is asked each; one that does its work itself gets the line as arg[1] and returns its result.
                Results are lines of JSON in the order of the input: { index, id, output or text, usage }, or { index, id, \
                error: { code, message } }. Each is kept as soon as it is there: after a crash or a Ctrl-C the same command \
                does the rest, and items that were cut off go on where they were. Exits with 1 when items failed.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var grants: GrantOptions
        @OptionGroup var walls: SandboxOptions
        @Option(
            help: ArgumentHelp(
                "Items at a time, 1 to 1000; by default 8. With --batch 1 to 10000, by default 10000.", valueName: "n"))
        var width: Int?
        @Flag(help: "Ask models by batch jobs of the provider: half the price, later. Rounds until all items are done.")
        var batch = false
        @Option(help: ArgumentHelp("With --batch: how often to ask for a job, at most.", valueName: "seconds"))
        var interval: Double?
        @Option(help: ArgumentHelp("Where to keep what is finished.", valueName: "file")) var state: String?
        @Flag(help: "Begin anew, whatever is finished.") var fresh = false
        @Flag(help: "Do the items again that failed.") var retryErrors = false
        @Flag(help: "Do again what may have happened, and with --retry-errors what items did that must begin anew.")
        var redo = false
        @Argument(help: ArgumentHelp("The items.", valueName: "file.jsonl")) var input: String
        @Argument(help: ArgumentHelp("The task.", valueName: "task.lua")) var task: String

        func validate() throws {
            let widest = batch ? JobDesk.maximumRequests : 1000
            if let width, !(1...widest).contains(width) {
                throw ValidationError("--width: expected 1 to \(widest), found \(width)")
            }
            if let interval {
                guard batch else { throw ValidationError("--interval is for jobs of the provider: add --batch") }
                guard (0...86_400).contains(interval) else {
                    throw ValidationError("--interval: expected 0 to 86400 seconds, found \(interval)")
                }
            }
            if batch, common.journal.isOff {
                throw ValidationError("--batch needs the journal: by it an item finds the answer of a job again")
            }
            if batch, common.timeout != nil {
                throw ValidationError("--timeout would count the time that a job takes: leave it out with --batch")
            }
            if fresh, retryErrors { throw ValidationError("--fresh does all items again: --retry-errors adds nothing") }
        }

        func run() async throws {
            let script = try ScriptFile(task)
            let items = try BatchItems(input)
            let session = try Session(common, grants: grants.grants, walls: walls)
            try await session.run {
                if common.dryRun { return session.emit("\(items.items.count) items; nothing was sent\n") }
                let store = try open(script, items)
                let retry = retryErrors ? try store.forgetErrors(redoes: redo) : BatchStore.Retry()
                let records = try BatchRecords(common.journal, script, in: store, redoes: redo)
                try await grants.advising("batch", [input, task], hasMore: false) {
                    var environment = session.environment
                    // Standard output is for the results.
                    environment.output = { Console.err(String(decoding: $0, as: UTF8.self)) }
                    let desk = batch ? try desk(store, session) : nil
                    if let desk { environment.models = JobModels(models: environment.models, desk: desk) }
                    try await BatchRun(
                        items: items.items, task: BatchTask(script, environment: environment), store: store,
                        width: width ?? (batch ? JobDesk.maximumRequests : 8), session: session, records: records,
                        desk: desk
                    ).run(retrying: retry)
                }
            }
        }

        /// Where items wait for jobs.
        private func desk(_ store: BatchStore, _ session: Session) throws -> JobDesk {
            let isQuiet = common.quiet
            let worker = JobWorker(
                platform: try session.host.services.platform(), store: store, interval: interval ?? 30,
                note: { text in if !isQuiet { Console.err("agent: \(Printable.escaped(text))\n") } })
            return try JobDesk(store: store, worker: worker)
        }

        /// - Throws: ``UsageError`` when another process is at work on it, or when it was begun with something else.
        private func open(_ script: ScriptFile, _ items: BatchItems) throws -> BatchStore {
            let path = try state ?? BatchPlace.file(input: input, task: task)
            do {
                let store = try BatchStore(path: path, fresh: fresh)
                let settings = try BatchSettings(common, asksByJobs: batch)
                let identity = BatchIdentity(
                    input: items.digest, task: SHA256.digest(script.source).hexadecimal,
                    settings: try settings.json.serialized(), count: items.items.count)
                do {
                    try store.begin(identity)
                } catch let error as BatchStoreError where error.code == .changed {
                    throw UsageError(try changed(error.description, settings, store))
                }
                return store
            } catch let error as BatchStoreError {
                if error.code == .busy { throw UsageError(error.description) }
                throw ConfigurationError(error.description)
            }
        }

        private func changed(_ names: String, _ settings: BatchSettings, _ store: BatchStore) throws -> String {
            var what: [String] = []
            if names.contains("input") { what.append("\(input) has changed") }
            if names.contains("task") { what.append("\(task) has changed") }
            if names.contains("settings") {
                what.append("it had other settings (\(settings.difference(from: try store.settings())))")
            }
            let finished = try store.finished().items.count
            return """
                \(what.joined(separator: " and ")) since this batch began, and \(finished) items are finished \
                (\(store.path)); begin anew with --fresh, or keep another with --state FILE
                """
        }
    }
}
