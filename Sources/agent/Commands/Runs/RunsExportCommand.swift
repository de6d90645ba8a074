// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports
import RunStores

struct RunsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", _superCommandName: "agent runs",
        abstract: "Prints runs as JSON lines: what each was, its records, the order in which it went on.",
        discussion: "agent show and agent runs import read such files.")

    @OptionGroup var place: RunStoreOptions
    @Argument(help: ArgumentHelp("Ids, the beginnings of them, or last.", valueName: "id")) var ids: [String]
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write to a file, whole or not at all.")
    var output: String?
    @Flag(help: "Send them as OpenTelemetry spans to where OTEL_EXPORTER_OTLP_ENDPOINT says, instead of printing.")
    var otlp = false

    func validate() throws {
        if otlp, output != nil { throw ValidationError("--otlp and -o exclude each other") }
    }

    func run() async throws {
        if otlp { return try await send() }
        let file = try output.map(OutputFile.init)
        let store = try place.store
        for id in ids {
            let text: String = try store.run(id).jsonLines.map { $0 + "\n" }.joined()
            if let file { file.append(Array(text.utf8)) } else { Console.out(text) }
        }
        try file?.commit()
    }

    private func send() async throws {
        guard let export = TraceExport() else {
            throw ConfigurationError(
                "--otlp: nothing says where to: set OTEL_EXPORTER_OTLP_ENDPOINT (docs/runs.md has the variables)")
        }
        let store = try place.store
        let host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        var sent = 0
        for id in ids {
            let run = try store.run(id)
            if await export.send(run, by: host.transport) { sent += 1 }
        }
        await host.shutdown()
        Console.err("\(sent) of \(Figures.counted(ids.count, "run")) sent\n")
        if sent < ids.count { throw ExitStatus.provider }
    }
}

struct RunsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", _superCommandName: "agent runs",
        abstract: "Keeps runs that agent runs export has printed.",
        discussion: "A run that is there already is passed over.")

    @OptionGroup var place: RunStoreOptions
    @Argument(help: ArgumentHelp("Files.", valueName: "file")) var files: [String]

    func run() async throws {
        let catalog = RunCatalog(try place.store)
        var added = 0
        var known = 0
        for run in try files.flatMap({ try RecordedRuns.runs(in: $0) }) {
            if try Self.add(run, to: catalog) { added += 1 } else { known += 1 }
        }
        let passed = known > 0 ? ", \(known) passed over: they are there already" : ""
        Console.err("\(Figures.counted(added, "run")) imported\(passed)\n")
    }

    /// - Returns: whether it was not there already.
    private static func add(_ run: RecordedRun, to catalog: RunCatalog) throws -> Bool {
        do {
            try catalog.add(run)
            return true
        } catch {
            guard error.code == .busy else { throw error }
            return false
        }
    }
}
