// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import RunStores
import ScriptTesting

/// One `agent test`: finds the tests, runs them folder by folder, and prints what came of them.
struct TestSession {
    private let options: TestOptions
    private let paths: [String]
    private let host: RuntimeHost
    private let world: TestWorld
    private let junit: OutputFile?
    /// The folder the command was started in.
    private let start = TestFinder.real(".")

    init(_ options: TestOptions, grants: Grants, walls: SandboxOptions, paths: [String]) throws {
        self.options = options
        self.paths = paths
        host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        let config = try ConfigFile.load()
        let ledger = UsageLedger(prices: try PriceFile.table(), limit: options.usd)
        var live = host.scriptEnvironment()
        live.ledger = ledger
        live.services = MeteredServices(host.services, ledger: ledger)
        live.indexes = SQLiteIndexes(
            services: MeteredServices(host.services, ledger: ledger), variable: environmentVariable)
        live.variables = environmentVariable
        let names = [options.model, environmentVariable("AGENT_MODEL"), config.string("model")]
        live.overrides.model = names.compactMap(\.self).first { !$0.isEmpty }.map { .string($0) }
        world = TestWorld(
            live: live, answers: options.answers, limit: grants.withAbsolutePaths, timeout: options.timeout,
            prepare: { walls.apply(to: &$0) })
        let start = start
        junit = try options.junit.map { try OutputFile($0.hasPrefix("/") ? $0 : start + "/" + $0) }
    }

    // MARK: - Once

    func run() async throws {
        defer { _ = chdir(start) }
        let files = try find()
        let loaded = try await load(files)
        if options.list { return list(loaded) }
        var report = TestPrinter(options.reporter(), junit: junit)
        var dependencies = TestDependencies()
        let isWhole = try await run(loaded, &report, &dependencies)
        report.end()
        try junit?.commit()
        await host.shutdown()
        if !isWhole, options.format == .tap { Console.out(TAPReporter.bailOut("stopped at the first failure")) }
        if !isWhole { Console.err("agent: stopped at the first failure (--fail-fast)\n") }
        if report.totals.failed > 0 { throw ReportedEnd(.scriptError) }
    }

    /// - Throws: ``UsageError`` when there are no test files.
    private func find() throws -> [TestFile] {
        do {
            let files = try TestFinder.files(paths).map { path throws(TestFinder.Problem) in try TestFile(path) }
            guard !files.isEmpty else {
                throw UsageError(
                    "no tests: there is no file named *\(TestFinder.suffix) in \(paths.joined(separator: ", "))")
            }
            return files
        } catch let problem as TestFinder.Problem {
            throw UsageError(problem.description)
        }
    }

    /// A file with its tests, or with what is wrong with it.
    private struct Loaded {
        let run: TestFileRun
        var tests: [RegisteredTest] = []
        var failure: TestResult?
    }

    /// - Throws: ``UsageError`` when no test is left to run.
    private func load(_ files: [TestFile]) async throws -> [Loaded] {
        var all: [Loaded] = []
        for file in files {
            _ = chdir(file.folder)
            var loaded = Loaded(run: TestFileRun(file, in: world))
            do {
                loaded.tests = try await loaded.run.tests().filter {
                    options.filter?.selects($0.name, in: file.path) ?? true
                }
            } catch let error as ScriptError {
                loaded.failure = TestResult(
                    file: file.path, name: "(loading the file)", position: file.path, status: .failed,
                    failures: [.init(error.description, detail: error.error.traceback)])
            }
            all.append(loaded)
        }
        guard all.contains(where: { !$0.tests.isEmpty || $0.failure != nil }) else {
            throw UsageError(
                options.filter == nil
                    ? "no tests: no file registers one with agent.test" : "no tests: --filter selects none")
        }
        return all
    }

    private func list(_ files: [Loaded]) {
        for file in files {
            for test in file.tests { Console.out("\(Printable.escaped("\(file.run.file.path): \(test.name)"))\n") }
        }
    }

    /// Runs the tests, those of one folder beside each other: they run in their folder, and a process has one at a time.
    private func run(
        _ files: [Loaded], _ report: inout TestPrinter, _ dependencies: inout TestDependencies
    ) async throws -> Bool {
        report.begin(files.reduce(0) { $0 + $1.tests.count + ($1.failure == nil ? 0 : 1) })
        var rest = files[...]
        while let first = rest.first {
            let group = rest.prefix { $0.run.file.folder == first.run.file.folder }
            rest = rest.dropFirst(group.count)
            guard try await run(group: group, &report, &dependencies) else { return false }
        }
        return true
    }

    private func run(
        group: ArraySlice<Loaded>, _ report: inout TestPrinter, _ dependencies: inout TestDependencies
    ) async throws -> Bool {
        for failure in group.compactMap(\.failure) {
            report.add(failure)
            if options.failFast { return false }
        }
        guard let folder = group.first?.run.file.folder else { return true }
        guard chdir(folder) == 0 else { throw UsageError("\(folder): \(String(cString: strerror(errno)))") }
        let items = group.flatMap { file in file.tests.map { TestRunner.Item(file.run, $0) } }
        let files = Dictionary(group.map { ($0.run.file.path, $0.run.file) }, uniquingKeysWith: { first, _ in first })
        return try await options.runner.run(items) { result in
            report.add(result)
            if let file = files[result.file] { dependencies.note(file, uses: result.files) }
        }
    }

    // MARK: - Watching

    /// How often files are looked at.
    private static let pause = Duration.milliseconds(300)

    func watch() async throws {
        defer { _ = chdir(start) }
        var dependencies = TestDependencies()
        var due: [TestFile]?
        while true {
            _ = chdir(start)
            let files = try find()
            let folders = Self.folders(files, paths)
            var before = FileStamps(of: folders, and: dependencies.files)
            try await again(due ?? files, &dependencies)
            Console.err("watching; Ctrl-C ends it\n")
            var changes: [String] = []
            before.include(dependencies.files)
            while changes.isEmpty {
                try await Task.sleep(for: Self.pause)
                changes = FileStamps(of: folders, and: dependencies.files).changes(since: before)
            }
            _ = chdir(start)
            due = dependencies.affected(by: changes, among: try find())
        }
    }

    private func again(_ files: [TestFile], _ dependencies: inout TestDependencies) async throws {
        guard !files.isEmpty else { return }
        do {
            let loaded = try await load(files)
            var report = TestPrinter(options.reporter(), junit: nil)
            _ = try await run(loaded, &report, &dependencies)
            report.end()
        } catch let error as UsageError {
            Console.err("agent: \(Printable.escaped(error.description))\n")
        }
    }

    /// The folders of the tests, and those that were named.
    private static func folders(_ files: [TestFile], _ paths: [String]) -> [String] {
        let all = Set(files.map(\.folder) + paths.map(TestFinder.real))
        return all.filter { folder in !all.contains { $0 != folder && folder.hasPrefix($0 == "/" ? "/" : $0 + "/") } }
            .sorted()
    }
}

/// Prints results as they come, and adds them up.
struct TestPrinter {
    private var reporter: any TestReporter
    private var junitReport = JUnitReport()
    private let junit: OutputFile?
    private let start = ContinuousClock.now
    private(set) var totals = TestTotals()

    init(_ reporter: any TestReporter, junit: OutputFile?) {
        self.reporter = reporter
        self.junit = junit
    }

    mutating func begin(_ count: Int) { show(reporter.begin(count)) }

    mutating func add(_ result: TestResult) {
        totals.add(result)
        show(reporter.add(result))
        _ = junitReport.add(result)
    }

    mutating func end() {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        show(reporter.end(totals, seconds: seconds))
        junit?.append(Array(Console.secrets.redact(junitReport.end(totals, seconds: seconds)).utf8))
    }

    private func show(_ text: String) { if !text.isEmpty { Console.out(Console.secrets.redact(text)) } }
}
