// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", _superCommandName: "agent", abstract: "Goes on with a run that was cut off or waits.",
        discussion: """
            The script runs again from its beginning; what was answered is answered by the journal, and nothing that was \
            done is done again. Other flags (--yes, --no-ask, -v, -o FILE, --allow-…) are put in front of those of then.
            """)

    @OptionGroup var journal: JournalOptions
    @Flag(help: "Do again what had begun when the run was cut off, and may have happened.") var redo = false
    @Flag(help: "Run the script as it was recorded, not the file as it is now.") var recorded = false
    @Option(
        name: .customLong("result"),
        help: ArgumentHelp("The result of a call of a deferred tool; JSON, or a text.", valueName: "call=value"))
    var results: [String] = []
    @Option(
        help: ArgumentHelp(
            "Go on from this record with the script as it is now, as a new run; what was recorded behind it and is asked again is not done again.",
            valueName: "n"))
    var from: Int?
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The run, the beginning of its id, or last; then flags of the command.", valueName: "id"))
    var words: [String] = []

    func validate() throws { try journal.validateReading() }

    func run() async throws {
        let store = try journal.store()
        let command = NamedRun(words)
        let (run, kept) = try store.takingUp(command.id)
        var plan = JournalPlan(mode: .resume, recording: run, info: run.info, journal: kept)
        if let from { plan = try await JournalPlan.fork(of: run, from: from, in: store) }
        plan.doubts = TerminalDoubts(redoes: redo)
        plan.runsRecordedScript = recorded
        plan.allowsChangedScript = from != nil
        plan.results = try deferredResults()
        try await RecordedCommand(run: run, flags: command.flags).run(by: plan)
    }
}

extension ResumeCommand {
    private func deferredResults() throws -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for word in results {
            guard let sign = word.firstIndex(of: "="), sign != word.startIndex else {
                throw UsageError("--result: expected CALL=JSON, found \(word)")
            }
            let text = String(word[word.index(after: sign)...])
            values[String(word[..<sign])] = (try? JSONValue(parsing: text)) ?? .string(text)
        }
        return values
    }
}

extension JournalPlan {
    /// A new run that is as `run` up to the record `number`.
    static func fork(
        of run: RecordedRun, from number: Int, in store: RunStore, model: String? = nil
    ) async throws -> JournalPlan {
        guard number >= 1, number <= run.records.count + 1 else {
            throw UsageError("--from: expected 1 to \(run.records.count + 1), found \(number)")
        }
        var info = RunInfo(id: RunID.new())
        (info.version, info.command, info.arguments) = (AgentVersion.current, run.info.command, run.info.arguments)
        if let model { info.arguments = ["--model", model] + info.arguments.filter { !$0.hasPrefix("--model=") } }
        (info.folder, info.input, info.seed) = (run.info.folder, run.info.input, run.info.seed)
        (info.parent, info.forkedAt, info.began) = (run.info.id, number, WallClock.microseconds)
        (info.script, info.scriptDigest, info.source) = (run.info.script, run.info.scriptDigest, run.info.source)
        let journal = store.journal(for: info)
        for var record in run.records where record.number < number {
            // What has steps of its own comes to something else.
            if record.isGroup { (record.outcome, record.ended) = (nil, nil) }
            try await journal.end(record, schedule: { [] }, durability: .queued)
        }
        return JournalPlan(mode: .fork(from: number), recording: run, info: info, journal: journal)
    }
}
