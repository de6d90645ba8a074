// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// What commands of services share: the composition, where the answer goes, and progress on stderr.
final class ServiceSession: Sendable {
    let host: RuntimeHost
    /// What the services used, with prices and the limit of the configuration file.
    let ledger: UsageLedger
    let style: Style
    private let verbosity: Verbosity
    private let isDryRun: Bool
    private let output: OutputFile?
    private let line = Mutex(ProgressLine())
    private let used = Mutex(Usage())

    convenience init(_ options: ServiceOptions) throws {
        try self.init(
            verbosity: options.verbosity, style: options.style, output: options.output, dryRun: options.dryRun)
    }

    /// - Parameter output: the file of `-o`.
    init(verbosity: Verbosity, style: Style, output: String?, dryRun: Bool = false) throws {
        isDryRun = dryRun
        host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        ledger = UsageLedger(prices: try PriceFile.table(), limit: try ConfigFile.load().dollars("usd"))
        self.style = style
        self.verbosity = verbosity
        self.output = try output.map(OutputFile.init)
    }

    /// The services of the host, counted; in a dry run, services that print what they would send.
    var services: any ServiceProvider {
        isDryRun
            ? DryRunServices(services: host.services, print: { self.emit(Console.secrets.redact($0)) })
            : MeteredServices(host.services, ledger: ledger)
    }

    /// `model`; in a dry run, one that prints what it would be sent.
    func orDryRun(_ model: any ModerationModel) -> any ModerationModel {
        (services as? DryRunServices)?.moderation(by: model) ?? model
    }

    /// The models of this machine.
    func localInventory() throws -> LocalInventory {
        try LocalModels(LocalConfiguration(variable: environmentVariable), transport: host.transport).inventory()
    }

    /// Runs `body`, then closes connections and puts the output file in its place. A status that is thrown comes behind
    /// the whole answer; after any other error the old file stays.
    func run(_ body: () async throws -> Void) async throws {
        do {
            try await body()
            endProgress()
            showUsage()
            try output?.commit()
            await host.shutdown()
        } catch {
            endProgress()
            if error is ExitStatus { try output?.commit() }
            await host.shutdown()
            throw error
        }
    }

    // MARK: - The answer

    func emit(_ text: String) {
        endProgress()
        if let output {
            output.append(Array(text.utf8))
        } else {
            Console.out(text)
        }
    }

    /// A value on a line of its own.
    func emit(_ value: JSONValue) throws { emit(try value.serialized() + "\n") }

    /// Bytes as they are.
    func emit(_ bytes: [UInt8]) {
        endProgress()
        if let output { output.append(bytes) } else { Console.out(bytes) }
    }

    // MARK: - Everything else

    /// A line on stderr. - Parameter always: also with `-q`.
    func note(_ text: String, always: Bool = false) {
        guard always || verbosity != .quiet else { return }
        endProgress()
        Console.err(Printable.escaped(text) + "\n")
    }

    func progress(_ text: String) {
        guard verbosity != .quiet else { return }
        let next = line.withLock { $0.next(Printable.short(text), isTerminal: Console.errIsTerminal) }
        if let next { Console.err(next) }
    }

    func show(_ event: ModelEvent) {
        switch event {
        case .retrying(let attempt, let delay, let reason):
            let seconds = Double(delay / .milliseconds(100)).rounded() / 10
            note("retry \(attempt) in \(seconds) s: \(reason)")
        case .progress(let text): progress(text)
        case .text, .thinking: break
        }
    }

    func use(_ usage: Usage) { used.withLock { $0 += usage } }

    private func showUsage() {
        guard verbosity == .verbose else { return }
        let usage = used.withLock(\.self)
        var parts = [
            (usage.totalTokens, "tokens"), (usage.pages, "pages"), (usage.audioSeconds, "seconds of sound"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !parts.isEmpty, let cost = ledger.totals.cost(by: ledger.prices) { parts.append("\(cost)") }
        if !parts.isEmpty { note(parts.joined(separator: ", ")) }
    }

    private func endProgress() {
        let end = line.withLock { $0.end() }
        if !end.isEmpty { Console.err(end) }
    }
}
