// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores
import Synchronization

/// What the commands share: the composition, where the answer goes, and how a run is shown.
struct Session {
    let options: CommonOptions
    let grants: Grants
    let walls: SandboxOptions
    let host: RuntimeHost
    /// What this command has used, and may use.
    let ledger: UsageLedger
    private let overrides: AgentOverrides
    private let config: ConfigFile
    private let policies = ImposedPolicies()
    /// Records what the command does; `nil` when nothing is recorded.
    let record: CommandRecorder?
    private let approvals: ApprovalPolicy
    /// One for the whole command: it knows what was answered before.
    private let approver: any Approver
    private let output: OutputFile?
    /// For scripts that run agents and call services themselves: they print the answers themselves.
    private let quiet: RunPrinter

    /// - Parameter command: the name under which the run is recorded; `nil` and it is not.
    init(_ options: CommonOptions, grants: Grants, walls: SandboxOptions, command: String? = nil) throws {
        self.options = options
        self.grants = grants
        self.walls = walls
        host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        config = try ConfigFile.load()
        var overrides = try options.overrides(config)
        if let model = JournalPlan.current?.model {
            (overrides.model, overrides.replacesModel) = (.string(model), true)
        }
        self.overrides = overrides
        record =
            try options.dryRun || command == nil
            ? nil : CommandRecorder(command ?? "", options.journal, isQuiet: options.quiet)
        approvals = config.approvals.policy.tightened(by: try options.approvals.policy)
        approver = Self.approver(options.approvals, options.style)
        ledger = UsageLedger(prices: try PriceFile.table().withJobs, limit: try options.limit(config))
        let plan = JournalPlan.current
        // A replay changes nothing, not even the file of then.
        let file = plan?.discardsOutput == true ? "/dev/null" : plan?.mode == .replay ? nil : options.output
        output = try file.map(OutputFile.init)
        quiet = RunPrinter(
            form: .silent, verbosity: options.verbosity, style: options.style, streams: false, sink: { _ in })
    }

    /// Runs `body`, then closes connections and puts the output file in its place.
    func run(_ body: () async throws -> Void) async throws {
        defer { if options.usage { Console.err(UsageReport(ledger).text) } }
        do {
            try await loadPolicies()
            do {
                if let record { try await record.run(body) } else { try await body() }
                await sendTrace()
            } catch {
                await sendTrace()
                throw error
            }
            quiet.endProgress()
            try output?.commit()
            await host.shutdown()
        } catch {
            quiet.endProgress()
            // A limit still has its best result, and a report is a report; anything else leaves the file that was there.
            let isWhole = error as? ExitStatus == .limitReached || error is ReportedEnd
            if isWhole, output?.isEmpty == false { try output?.commit() }
            await host.shutdown()
            throw error
        }
    }

    /// Sends what was recorded as a trace, where the environment asks for one.
    private func sendTrace() async {
        guard let record, !record.recorder.isEmpty, record.recorder.mode != .replay, !Task.isCancelled,
            let export = TraceExport(), let run = try? options.journal.store().run(record.recorder.info.id)
        else { return }
        await export.send(run, by: host.transport)
    }

    /// The models of the host; in a dry run, models that print what they would send.
    private var models: any ModelProvider {
        if options.dryRun { return DryRunModels(models: host.models, print: { emit(Console.secrets.redact($0)) }) }
        guard let recorder = record?.recorder else { return host.models }
        guard recorder.mode == .replay else { return NotingModels(models: host.models, recorder: recorder) }
        return ReplayedModels(models: host.models, recorded: recorder.info.models, secrets: Console.secrets)
    }

    /// The model of that name; without one the model that an agent would get that names none.
    func model(_ name: String?) throws -> any Model {
        try models.model(for: name.map { .string($0) } ?? overrides.model)
    }

    /// What scripts see.
    var environment: ScriptEnvironment {
        var environment = host.scriptEnvironment(grants: grants)
        walls.apply(to: &environment)
        environment.models = models
        environment.ledger = ledger
        environment.services = MeteredServices(host.services, ledger: ledger)
        environment.sessions = options.dryRun ? nil : try? SessionPlace.store()
        environment.indexes = SQLiteIndexes(
            services: MeteredServices(host.services, ledger: ledger), variable: environmentVariable)
        if options.dryRun {
            environment.skipsGuardrails = true
            (environment.transport, environment.indexes) = (nil, nil)
            environment.services = DryRunServices(
                services: host.services, print: { emit(Console.secrets.redact($0)) })
        }
        environment.overrides = overrides
        environment.overrides.guardrails = policies.loaded
        if let results = JournalPlan.current?.results { environment.deferredResults = { results[$0] } }
        environment.approvals = approvals
        environment.approver = approver
        environment.variables = environmentVariable
        environment.input = StandardInput.read
        let file = output
        let quiet = quiet
        environment.output = { bytes in
            quiet.endProgress()
            if let file { file.append(bytes) } else { Console.out(bytes) }
        }
        environment.log = log
        environment.observe = { quiet.show($0) }
        return environment
    }

    /// Reads the policies that every agent is held to. Their functions are granted nothing.
    private func loadPolicies() async throws {
        let files = options.guardrails.files(config)
        guard !files.isEmpty else { return }
        var plain = environment
        plain.grants = .none
        plain.transport = nil
        for file in files {
            let source = try ScriptFile(file).source
            policies.loaded.append(try await GuardrailPolicy.load(source, name: file, in: plain))
        }
        // What is wrong with them is known before anything is run.
        _ = try environment.guardrails()
    }

    /// An agent made of the flags alone.
    func plainAgent() throws -> Agent {
        var agent = Agent(
            model: try models.model(for: overrides.model), instructions: overrides.instructions,
            approvals: approvals, approver: approver, guardrails: try environment.guardrails(), ledger: ledger)
        agent.options.temperature = overrides.temperature
        agent.options.maxTokens = overrides.maxTokens
        agent.options.safePrompt = policies.loaded.contains(where: \.safePrompt) ? true : overrides.safePrompt
        agent.options.addGuardrails(policies.loaded.flatMap(\.service))
        agent.limits = overrides.tightened(agent.limits)
        return agent
    }

    /// Runs `agent`, shows it, and throws what its end means for the exit code.
    @discardableResult
    func show(_ agent: Agent, _ messages: [Message]) async throws -> RunResult {
        let printer = printer(streams: !options.noStream, isStructured: agent.output != nil)
        do {
            let result = try await agent.run(messages, streams: !options.noStream) { printer.show($0) }
            record?.note(output: result.output ?? .string(result.text))
            if result.stopped != nil { throw ExitStatus.limitReached }
            return result
        } catch let error as RunError {
            if let status = error.cause as? ExitStatus { throw status }
            for (index, attempt) in error.attempts.enumerated() {
                Console.err("agent: attempt \(index + 1): \(Printable.escaped(Console.secrets.redact(attempt)))\n")
            }
            throw error
        }
    }

    private func printer(streams: Bool, isStructured: Bool) -> RunPrinter {
        let file = output
        return RunPrinter(
            form: options.form, verbosity: options.verbosity, style: options.style, streams: streams,
            isStructured: isStructured,
            sink: { text in
                if let file {
                    file.append(Array(text.utf8))
                } else {
                    Console.out(text)
                }
            })
    }

    func emit(_ text: String) {
        quiet.endProgress()
        if let output {
            output.append(Array(text.utf8))
        } else {
            Console.out(text)
        }
    }

    /// Who answers: a flag, what was answered before, the person at the terminal, or nobody.
    private static func approver(_ options: ApprovalOptions, _ style: Style) -> any Approver {
        if options.yes { return ApproveAll() }
        let store = ApprovalStore.ofUser
        let other: any Approver =
            if options.noAsk {
                DenyAll()
            } else if let terminal = ApprovalTerminal() {
                TerminalApprover(terminal, store: store, style: style)
            } else {
                NoApprover()
            }
        // Whoever says --ask wants to be asked.
        guard options.ask.isEmpty, let store else { return other }
        return RememberingApprover(store: store, other: other)
    }

    private var log: @Sendable (String, String, JSONObject) -> Void {
        let (verbosity, style) = (options.verbosity, options.style)
        return { level, message, fields in
            if level == "debug" && verbosity != .verbose { return }
            if level == "info" && verbosity == .quiet { return }
            let rest = fields.isEmpty ? "" : " " + ((try? JSONValue.object(fields).serialized()) ?? "")
            let line = Printable.escaped("\(level): \(message)\(rest)")
            Console.err(
                (level == "error" ? style.red(line) : level == "warn" ? style.yellow(line) : style.dim(line)) + "\n")
        }
    }
}

/// The policies of a command: none before they have been read.
private final class ImposedPolicies: Sendable {
    private let policies = Mutex<[GuardrailPolicy]>([])

    var loaded: [GuardrailPolicy] {
        get { policies.withLock(\.self) }
        set { policies.withLock { $0 = newValue } }
    }
}
