// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Glibc
import JSONCore
import LuaAgents

/// Where the answers of one run of a test come from: a scripted model, a tape, or the real ones.
struct RunAnswers: Sendable {
    private enum Source: Sendable {
        case scripted(ScriptedTurns)
        case tape(TapeReplay, exists: Bool)
        case real(NotingModels, records: Bool)
    }

    let models: any ModelProvider
    let recorder: RunRecorder
    private let source: Source
    private let journal: MemoryJournal
    private let path: String
    /// The tape's path as it is shown.
    private let shown: String

    var isReplayed: Bool { if case .tape = source { true } else { false } }
    var isLive: Bool { if case .real = source { true } else { false } }

    /// - Throws: ``TestContext/Stop`` when the run can only be live and is not to be; ``Misuse``.
    init(for spec: TaskSpec, in context: TestContext, at position: String) throws {
        let info = Self.info(spec, context)
        journal = MemoryJournal(info)
        if let turns = spec.turns {
            let model = try ScriptedTurns(turns) { id, request in try await context.turn(id, request) }
            (models, source, path, shown) = (FixedModels(model: model), .scripted(model), "", "")
            recorder = RunRecorder(info, journal: journal, secrets: context.world.live.secrets)
            return
        }
        let name = Self.name(spec, context)
        shown = name
        path = name.hasPrefix("/") ? name : context.file.folder + "/" + name
        context.use(file: path)
        let exists = access(path, F_OK) == 0
        let records: Bool
        switch context.world.answers {
        case .live: records = false
        case .recordingAll: records = spec.tape != .none
        case .recordingMissing where !exists && spec.tape != .none: records = true
        case .tapes where spec.tape == .none, .recordingMissing where spec.tape == .none:
            context.skip("it asks the real model: run it with --live")
            throw TestContext.Stop()
        case .tapes, .recordingMissing:
            let tape = try Self.tape(path, shownAs: name, exists: exists, info)
            let replay = TapeReplay(tape, secrets: context.world.live.secrets)
            (models, source) = (TapeModels(tape.run.info.arguments), .tape(replay, exists: exists))
            recorder = replay.recorder
            return
        }
        let noting = NotingModels(
            context.world.live.models, always: spec.model, fallback: context.world.live.overrides.model)
        (models, source) = (noting, .real(noting, records: records))
        recorder = RunRecorder(info, journal: journal, secrets: context.world.live.secrets)
    }

    /// Says what is wrong with how the answers were used, and keeps a new tape.
    func finish(_ run: inout TaskRun, in context: TestContext) async throws {
        switch source {
        case .scripted(let model):
            run.requests = model.requests.map(\.testValue)
            guard let fault = model.fault else { return }
            context.fail(fault, at: run.position)
            run.isFailureSeen = true
        case .tape(let replay, let exists):
            run.approvals = replay.tape.approvals
            if let miss = replay.miss {
                context.fail(said(miss, exists), at: run.position)
                // What would be checked now is not what the test is about.
                throw TestContext.Stop()
            }
            guard let leftOver = replay.leftOver else { return }
            context.fail(said(leftOver, exists), at: run.position)
        case .real(let models, let records):
            context.use(run.usage)
            guard records else { return }
            try await keep(models, run, context)
        }
    }

    private func said(_ miss: TapeMiss, _ exists: Bool) -> String {
        exists
            ? "\(shown): \(miss)\n  if that is meant, record it again: agent test --record=all"
            : "there is no tape \(shown); record it with: agent test --record\n  \(miss)"
    }

    private func keep(_ models: NotingModels, _ run: TaskRun, _ context: TestContext) async throws {
        let tape = Tape(journal.recorded)
        if let reason = tape.unfitness(run.failure?.code) {
            return context.note("not recorded, because \(reason): \(shown)")
        }
        let notes = try models.notes
        try await recorder.update { info in
            info.status = run.failure == nil ? .done : .failed
            info.ended = WallClock.microseconds
            info.arguments = notes
        }
        guard !tape.run.records.isEmpty else { return }
        try Tape(journal.recorded).write(to: path)
        context.note("recorded \(shown)")
    }

    // MARK: - Tapes

    private static func name(_ spec: TaskSpec, _ context: TestContext) -> String {
        if case .path(let path) = spec.tape { return path }
        let number = context.nextTape()
        let name = context.test?.tapeName ?? "test"
        return "tapes/\(context.file.stem)/\(name)\(number > 1 ? "-\(number)" : "").jsonl"
    }

    private static func info(_ spec: TaskSpec, _ context: TestContext) -> RunInfo {
        var info = RunInfo(id: "tape")
        info.command = "test"
        info.script = spec.task
        info.input = (spec.input.last?.text).map(context.world.live.secrets.redact)
        info.began = WallClock.microseconds
        return info
    }

    /// - Throws: ``Misuse`` when there is a file that is no tape.
    private static func tape(_ path: String, shownAs shown: String, exists: Bool, _ info: RunInfo) throws -> Tape {
        guard exists else {
            var info = info
            info.status = .done
            return Tape(RecordedRun(info: info, records: []))
        }
        do {
            return try Tape(path: path)
        } catch {
            throw Misuse("tape: \(error)")
        }
    }
}

extension Tape {
    /// How runs end whose answers are worth repeating, beside those that give one.
    private static let lastingEnds: Set<String> = ["output", "truncated", "guardrail"]
    private static let services: Set<String> = ["embed", "ocr", "transcribe", "moderate", "classify", "http"]

    /// Why the run is nothing to repeat for ever: what a provider or the network could not do this time. `nil` when it is.
    ///
    /// - Parameter end: the code of the error it ended in.
    fileprivate func unfitness(_ end: String?) -> String? {
        if let end, !Self.lastingEnds.contains(end) { return "the run failed (\(end))" }
        for record in run.records where record.operation == "model" && record.outcome?.isFailure == true {
            let code = record.outcome?.value["code"]?.stringValue ?? "error"
            if code != "guardrail" { return "a model failed (\(code))" }
        }
        for record in run.records where Self.services.contains(record.operation) {
            let values = record.outcome?.value["values"]?.arrayValue ?? []
            if values.count > 1, values[0].isNull { return "\(record.operation) failed" }
        }
        return nil
    }

    /// What was asked for approval, and what was said.
    fileprivate var approvals: [ScriptedApprover.Asked] {
        run.records.compactMap { record in
            guard record.operation == "approval", let answer = record.outcome?.value else { return nil }
            let isEdit = answer["arguments"] != nil
            return ScriptedApprover.Asked(
                tool: record.name, arguments: record.request["arguments"] ?? .null,
                decision: isEdit ? "edit" : answer["decision"]?.stringValue ?? "none")
        }
    }
}
