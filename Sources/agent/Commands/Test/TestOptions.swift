// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import Glibc
import ScriptTesting

/// What `agent test` is told beside the grants.
struct TestOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, tap, junit
    }

    enum Recording: String, ExpressibleByArgument {
        case missing, all

        init?(argument: String) { self.init(rawValue: argument == "*" ? "missing" : argument) }
    }

    @Option(
        help: ArgumentHelp(
            "Only tests whose file and name have this text, or match /this pattern/.", valueName: "text"),
        transform: { text in
            do {
                return try TestFilter(text)
            } catch {
                throw ValidationError("--filter: \(error)")
            }
        })
    var filter: TestFilter?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Tests at the same time; by default one for each processor.", valueName: "n"))
    var jobs: Int?
    @Flag(help: "Stop at the first test that fails.") var failFast = false
    @Flag(help: "Print the names of the tests and run none.") var list = false
    @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each test is tried.", valueName: "n"))
    var repeats = 1
    @Option(help: ArgumentHelp("The share of the tries that must pass, such as 0.8.", valueName: "x"))
    var passRate = 1.0
    @Option(help: ArgumentHelp("Time for one test.", valueName: "seconds")) var timeout = 60.0
    @Option(help: "What is printed: text, tap or junit.") var format: Format = .text
    @Option(help: ArgumentHelp("Write the results as JUnit XML as well.", valueName: "file")) var junit: String?
    @Flag(help: "Run again what hangs on a file when it changes, until Ctrl-C.") var watch = false
    @Option(
        help: ArgumentHelp(
            "Ask the real models and record tapes: those that are missing (alone), or all anew.",
            valueName: "missing|all"))
    var record: Recording?
    @Flag(help: "Ask the real models; tapes are neither read nor written.") var live = false
    @Option(help: ArgumentHelp("The model of --record and --live for agents that name none.", valueName: "name"))
    var model: String?
    @Option(
        help: ArgumentHelp("US dollars for all of --record or --live at most.", valueName: "x"),
        transform: { text in
            guard let dollars = Dollars(decimal: text) else {
                throw ValidationError("--usd: expected dollars, 0 or more, such as 0.05; found \(text)")
            }
            return dollars
        })
    var usd: Dollars?
    @Flag(name: .shortAndLong, help: "Show failures only.") var quiet = false
    @Flag(name: .shortAndLong, help: "Show what tests print when they pass, too.") var verbose = false
    @Option(help: "Colour: auto, always or never.") var color: ColorMode = .auto

    func validate() throws {
        for (name, value) in [("--jobs", jobs ?? 1), ("--repeat", repeats)] where !(1...10_000).contains(value) {
            throw ValidationError("\(name): expected 1 to 10000, found \(value)")
        }
        guard passRate > 0, passRate <= 1 else {
            throw ValidationError("--pass-rate: expected more than 0 and at most 1, found \(passRate)")
        }
        guard timeout > 0, timeout <= 1e6 else {
            throw ValidationError("--timeout: expected more than 0 and at most 1000000 seconds, found \(timeout)")
        }
        if record != nil, live { throw ValidationError("--record and --live exclude each other") }
        if record != nil, repeats > 1 { throw ValidationError("--record records each test once: no --repeat with it") }
        if quiet, verbose { throw ValidationError("-q and -v exclude each other") }
        if watch, list || format != .text || junit != nil || record == .all {
            throw ValidationError("--watch excludes --list, --format, --junit and --record=all")
        }
    }

    var answers: TestWorld.Answers {
        switch record {
        case .missing: .recordingMissing
        case .all: .recordingAll
        case nil: live ? .live : .tapes
        }
    }

    var runner: TestRunner {
        var runner = TestRunner()
        runner.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        runner.repeats = repeats
        runner.passRate = passRate
        runner.stopsAtFailure = failFast
        return runner
    }

    func reporter() -> any TestReporter {
        switch format {
        case .tap: return TAPReporter()
        case .junit: return JUnitReport()
        case .text:
            let style = Style(isOn: color == .auto ? color.isOn && Console.outIsTerminal : color.isOn)
            return TextReporter(
                paint: .init(good: { style.cyan($0) }, bad: { style.red($0) }, dim: { style.dim($0) }),
                isVerbose: verbose, isQuiet: quiet)
        }
    }
}
