// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import RunStores
import Synchronization

/// Records what a command does, from its first request on: one that asks nothing leaves nothing behind.
final class CommandRecorder: Sendable {
    let recorder: RunRecorder
    private let plan: JournalPlan?
    private let isQuiet: Bool
    /// The line of the script, and of what the command does after it.
    private let root: JournalScope

    /// - Returns: `nil` when nothing is to be recorded.
    init?(_ command: String, _ options: JournalOptions, isQuiet: Bool) throws {
        plan = JournalPlan.current
        self.isQuiet = isQuiet
        if let plan {
            recorder = RunRecorder(
                plan.info, journal: plan.journal, recording: plan.recording, mode: plan.mode,
                secrets: Console.secrets, doubts: plan.doubts, refusesEffects: plan.refusesEffects)
            plan.watch(recorder)
        } else {
            if options.isOff { return nil }
            let info = Self.info(command)
            recorder = RunRecorder(info, journal: try options.store().journal(for: info), secrets: Console.secrets)
        }
        root = recorder.root()
    }

    /// What is known of a run of `command` that begins now.
    static func info(_ command: String) -> RunInfo {
        var info = RunInfo(id: RunID.new())
        info.version = AgentVersion.current
        info.command = command
        info.arguments = CommandLine.arguments.dropFirst(2).map { Console.secrets.redact($0) }
        var folder = [CChar](repeating: 0, count: Int(PATH_MAX))
        if getcwd(&folder, folder.count) != nil {
            info.folder = String(decoding: folder.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        info.seed = Int64.random(in: 1 ... .max)
        info.began = WallClock.microseconds
        return info
    }

    // MARK: - What the command tells

    /// The source that is to run as `script`: the file's, or the recorded one.
    ///
    /// - Throws: ``JournalError`` with ``JournalError/Code/divergence`` when the file is not what was recorded, and must be.
    func source(of script: ScriptFile) throws -> [UInt8] {
        let known = recorder.info
        guard let plan, let digest = known.scriptDigest, known.script == script.path else {
            if known.scriptDigest == nil { note(script.source, script.path) }
            return script.source
        }
        if plan.runsRecordedScript, let source = known.source { return Array(source.utf8) }
        guard digest != SHA256.digest(script.source).hexadecimal, !plan.allowsChangedScript else {
            return script.source
        }
        throw JournalError(
            .divergence,
            "\(script.path) has changed since the run began: go on with what was recorded with --recorded, or with the "
                + "file as it is from a record on with --from N (agent show \(known.id) has the numbers)")
    }

    private func note(_ source: [UInt8], _ path: String) {
        recorder.note { info in
            info.script = path
            info.scriptDigest = SHA256.digest(source).hexadecimal
            info.source = String(decoding: source, as: UTF8.self)
        }
    }

    /// What standard input is asked for as a prompt: what came the first time.
    func prompt(_ read: () async throws -> String?) async throws -> String? {
        if plan != nil, let input = recorder.info.input { return input }
        let text = try await read()
        recorder.note { $0.input = text }
        return text
    }

    /// What the command answers.
    func note(output: JSONValue?) { recorder.note { $0.output = output } }

    // MARK: - Running

    /// Does `body` on the line of the script, and keeps how it ended.
    func run(_ body: () async throws -> Void) async throws {
        do {
            try await root.run(body)
            if recorder.mode != .record { try recorder.checkComplete() }
            try await end(.done, nil)
        } catch {
            // What went wrong with the recording is why whatever followed from it did.
            let cause: any Error = recorder.failure ?? error
            let (status, message) = ExitStatus.of(cause)
            // A journal that failed is not asked again, and a run that was refused stays what it was.
            let code = (cause as? JournalError)?.code
            let isRefused = code == .storage || (code == .divergence && recorder.mode == .resume)
            if !isRefused { try? await end(status, message) }
            throw cause
        }
    }

    private func end(_ status: ExitStatus, _ message: String?) async throws {
        guard !recorder.isEmpty else { return }
        try await recorder.update { info in
            info.status = status.runStatus
            info.exitCode = Int(status.rawValue)
            info.message = message.flatMap { $0.isEmpty ? nil : $0 }
            info.ended = WallClock.microseconds
        }
        guard recorder.mode != .replay, status.isResumable, !isQuiet else { return }
        Console.err("agent: to go on from here: agent resume \(recorder.info.id)\n")
    }
}

extension ExitStatus {
    fileprivate var runStatus: RunInfo.Status {
        switch self {
        case .done, .limitReached: .done
        case .paused: .paused
        case .interrupted, .terminated: .interrupted
        default: .failed
        }
    }

    /// Whether going on may come to another end.
    fileprivate var isResumable: Bool {
        switch self {
        case .paused, .interrupted, .terminated, .provider: true
        default: false
        }
    }
}
