// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores
import Synchronization

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", _superCommandName: "agent",
        abstract: "Runs a recorded run again without asking or changing anything.",
        discussion: """
            Every answer is the recorded one; where the run does something else, it ends with exit code 9 and both sides. \
            With --from N the run is its own from record N on, as a new run: models are asked, and what was recorded is \
            not done again.
            """)

    @OptionGroup var journal: JournalOptions
    @Flag(help: "Run the script as it was recorded, not the file as it is now.") var recorded = false
    @Option(help: ArgumentHelp("Be a run of its own from this record on.", valueName: "n")) var from: Int?
    @Option(help: ArgumentHelp("Another model for all agents; with --from.", valueName: "name")) var model: String?
    @Flag(help: "Show in what the fork differs from the run; with --from.") var diff = false
    @Flag(help: "Let the fork change the world where it asks what was not recorded.") var effects = false
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The run, the beginning of its id, or last; then flags of the command.", valueName: "id"))
    var words: [String] = []

    func validate() throws {
        try journal.validateReading()
        if from == nil, model != nil || diff || effects {
            throw ValidationError("--model, --diff and --effects need --from N: a replay is answered by its recording")
        }
    }

    func run() async throws {
        let store = try journal.store()
        let command = NamedRun(words)
        let run = try store.run(command.id)
        if let from { return try await fork(run, from, store, command) }
        var plan = JournalPlan(mode: .replay, recording: run, info: run.info, journal: NoJournal())
        (plan.runsRecordedScript, plan.allowsChangedScript) = (recorded, true)
        let watched = WatchedRecorder()
        plan.watch = { watched.recorder = $0 }
        do {
            try await RecordedCommand(run: run, flags: command.flags).run(by: plan)
            try check(watched.recorder, run, .done)
        } catch  where !(error is JournalError) && watched.recorder?.failure == nil {
            // What could not be begun was not replayed, and says nothing of the recording.
            guard let recorder = watched.recorder else { throw error }
            // A run that failed then is to fail again, in the same way.
            try check(recorder, run, ExitStatus.of(error).status)
            throw error
        }
    }

    private func check(_ recorder: RunRecorder?, _ run: RecordedRun, _ status: ExitStatus) throws {
        if let then = run.info.output, recorder?.info.output != then {
            throw JournalError(.divergence, "the answer is not what was recorded")
        }
        if let code = run.info.exitCode, code != Int(status.rawValue) {
            throw JournalError(
                .divergence, "it ended with exit code \(status.rawValue), and with \(code) when it was recorded")
        }
    }

    private func fork(_ run: RecordedRun, _ from: Int, _ store: RunStore, _ command: NamedRun) async throws {
        var plan = try await JournalPlan.fork(of: run, from: from, in: store)
        (plan.runsRecordedScript, plan.allowsChangedScript) = (recorded, true)
        (plan.model, plan.refusesEffects) = (model, !effects)
        guard diff else { return try await RecordedCommand(run: run, flags: command.flags).run(by: plan) }
        plan.discardsOutput = true
        let quiet = plan
        let result = await outcome { try await RecordedCommand(run: run, flags: command.flags).run(by: quiet) }
        guard let other = try? store.run(plan.info.id) else { return try result.get() }
        Console.out(RunDifference(run, other).text)
        try result.get()
    }

    private func outcome(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}

private final class WatchedRecorder: Sendable {
    private let state = Mutex<RunRecorder?>(nil)

    var recorder: RunRecorder? {
        get { state.withLock(\.self) }
        set { state.withLock { $0 = newValue } }
    }
}
