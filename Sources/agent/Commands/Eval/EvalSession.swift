// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Runs an evaluation and what it is compared with, prints the report, and says by its end whether all is well.
struct EvalSession {
    let session: Session
    let options: EvalOptions
    /// Where the page goes.
    let html: OutputFile?

    func run(_ input: EvalInput, _ script: String?, _ other: EvalCompareOptions) async throws {
        for note in input.notes { Console.err("agent: \(Printable.escaped(note))\n") }
        let before = try other.baseline.map(Self.stored)
        let first = try await subject(input, script)
        let second = try await compared(script, first.agent, other)
        let judge = try input.needsJudge ? self.judge() : nil
        let report = await self.report(input, first.subject, first.agent, judge)
        var rival: EvalReport?
        if let second, !report.isPartial { rival = await self.report(input, second.subject, second.agent, judge) }
        let comparison =
            rival.map { EvalComparison(ComparedReport(report), ComparedReport($0)) }
            ?? before.map { EvalComparison($0, ComparedReport(report, name: "now: \(report.subject)")) }
        let faults = try options.gates().compactMap { $0.fault(in: report, comparison) }
        try show(report, rival, comparison, faults)
        try finish([report] + (rival.map { [$0] } ?? []), faults)
    }

    private func report(
        _ input: EvalInput, _ subject: any EvalSubject, _ agent: Agent?, _ judge: RubricJudge?
    ) async -> EvalReport {
        let planned = input.trials.reduce(0, +)
        let progress = EvalProgress(subject.name, total: planned, verbosity: session.options.verbosity)
        var trials: [EvalTrial] = []
        let time = await ContinuousClock().measure {
            trials = await EvalRunner(subject, judge: judge).run(
                input.cases, trials: input.trials, width: options.width, onTrial: progress.show)
        }
        progress.end()
        return EvalReport(
            subject: subject.name, model: agent?.model.name, judge: judge?.name, cases: input.cases, trials: trials,
            planned: planned, seconds: time / .seconds(1))
    }

    // MARK: - Subjects

    private typealias Subject = (subject: any EvalSubject, agent: Agent?)

    private func subject(_ input: EvalInput, _ script: String?) async throws -> Subject {
        if let recorded = input.recorded { return (recorded, nil) }
        if !options.guardrails.isEmpty {
            let rules = try await EvalGuardrails(options.stage, in: session.environment).rules(options.guardrails)
            let name = rules.map(\.guardrail.name).joined(separator: " + ")
            return (GuardrailRules(rules, stage: options.stage, name: "\(name) (\(options.stage.rawValue))"), nil)
        }
        let agent = try await agent(of: script)
        return (AgentSubject(agent, name: script ?? agent.model.name, seed: options.seed), agent)
    }

    /// - Returns: `nil` when nothing is compared by running it.
    private func compared(_ script: String?, _ agent: Agent?, _ other: EvalCompareOptions) async throws -> Subject? {
        guard other.isGiven else { return nil }
        guard let agent else { throw UsageError("--compare is for agents; compare guardrails with --baseline") }
        var rival = agent
        if let file = other.compare { rival = try await self.agent(of: file) }
        var name = other.compare ?? script ?? ""
        if let model = other.compareModel {
            rival.model = try session.model(model)
            name = name.isEmpty ? model : "\(name) with \(model)"
        }
        if let file = other.compareGuardrails {
            try await impose(file, on: &rival)
            name = "\(name.isEmpty ? rival.model.name : name) with \(file)"
        }
        return (AgentSubject(rival, name: name, seed: options.seed), rival)
    }

    /// Puts the rules of a policy before those that the agent has.
    private func impose(_ file: String, on agent: inout Agent) async throws {
        let guardrails = EvalGuardrails(options.stage, in: session.environment)
        let policy = try await guardrails.policy(file: file)
        agent.guardrails = try guardrails.made(policy).tightened(by: agent.guardrails)
        if policy.safePrompt { agent.options.safePrompt = true }
        agent.options.addGuardrails(policy.service)
    }

    private func agent(of script: String?) async throws -> Agent {
        guard let script else { return try session.plainAgent() }
        let file = try ScriptFile(script)
        guard case .agent(let agent) = try await file.run(arguments: [], in: session).outcome else {
            throw UsageError("\(script) returns no agent; end it with: return agent.new { … }")
        }
        return agent
    }

    private func judge() throws -> RubricJudge {
        RubricJudge(model: try session.model(options.judge), ledger: session.ledger, seed: options.seed)
    }

    /// - Throws: ``UsageError`` when there is no such report.
    private static func stored(_ path: String) throws -> ComparedReport {
        do {
            return try ComparedReport(try JSONValue(parsing: try ScriptFile(path).source), name: path)
        } catch let error as JSONError {
            throw UsageError("--baseline \(path): \(error)")
        } catch let error as StoredReportError {
            throw UsageError("--baseline \(path): \(error)")
        }
    }

    // MARK: - The end

    private func show(
        _ report: EvalReport, _ rival: EvalReport?, _ comparison: EvalComparison?, _ faults: [String]
    ) throws {
        if let html {
            let page = HTMLReport(report, comparison: comparison, gateFaults: faults).text
            html.append(Array(Console.secrets.redact(page).utf8))
            try html.commit()
        }
        switch session.options.form {
        case .json:
            var fields = report.json.objectValue ?? [:]
            fields["gates_not_met"] = .array(faults.map { .string($0) })
            fields["comparison"] = comparison?.json
            fields["compared"] = rival?.json
            session.emit(Console.secrets.redact(try JSONValue.object(fields).serialized()) + "\n")
        case .jsonLines:
            for result in report.results { session.emit(Console.secrets.redact(try result.json.serialized()) + "\n") }
        default:
            session.emit(Console.secrets.redact(EvalText(report, rival: rival, comparison: comparison).text))
        }
    }

    /// - Throws: ``ReportedEnd`` unless every try was judged and every gate is met.
    private func finish(_ reports: [EvalReport], _ faults: [String]) throws {
        for fault in faults { Console.err("agent: gate not met: \(Printable.escaped(fault))\n") }
        if let report = reports.first(where: \.isPartial) {
            Console.err("agent: interrupted: the report is of \(report.trials.count) of \(report.planned) tries\n")
            throw ReportedEnd(.interrupted)
        }
        let failure = reports.lazy.compactMap(\.firstFailure).first
        let judged = reports.contains { $0.errors < $0.trials.count }
        if !faults.isEmpty, judged || failure == nil { throw ReportedEnd(.scriptError) }
        guard let failure else { return }
        let errors = reports.reduce(0) { $0 + $1.errors }
        let message = Console.secrets.redact(
            "\(Shown.count(errors, "try", "tries")) could not be judged; first: \(failure)")
        Console.err("agent: \(Printable.escaped(message))\n")
        throw ReportedEnd(Self.status(of: failure))
    }

    private static func status(of failure: EvalFailure) -> ExitStatus {
        if failure.kind == .timeout || failure.kind == .limit { return .limitReached }
        // In a run, too, what cannot judge ends it with 7.
        if failure.kind == .guardrail {
            return (failure.cause as? ModelError).map { ExitStatus.of($0).status } ?? .denied
        }
        return failure.cause.map { ExitStatus.of($0).status } ?? .provider
    }
}
