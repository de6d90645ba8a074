// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", _superCommandName: "agent",
        abstract: "Checks training data, and makes it of recorded runs.",
        subcommands: [DatasetCheckCommand.self, DatasetExportCommand.self])
}

struct DatasetCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks JSONL files by the rules of the open-source trainer.",
        discussion: """
            Prints each fault as FILE:LINE: /pointer: what is wrong, and a line of figures for each file. Exits with 0 when all \
            files are valid, with 4 when one is not; warnings do not count. A file is read piece by piece, however large it is.
            """)

    @Option(
        help: "What the files are for: instruct, pretrain or classifier; by default their first lines tell.",
        transform: { text in
            guard let kind = DatasetKind(rawValue: text) else {
                throw UsageError("--kind: expected instruct, pretrain or classifier, found \(text)")
            }
            return kind
        }) var kind: DatasetKind?
    @Flag(help: "Print one JSON object a file.") var json = false
    @Flag(name: .shortAndLong, help: "Print errors only, no warnings and no figures.") var quiet = false
    @Option(help: ArgumentHelp("How many faults to print of a file; the figures count all.", valueName: "n"))
    var limit = 1000
    @Argument(help: ArgumentHelp("The JSONL files; - is stdin.", valueName: "file")) var files: [String]

    func validate() throws {
        if limit < 0 { throw ArgumentParser.ValidationError("--limit: expected 0 or more, found \(limit)") }
    }

    func run() async throws {
        if files.count(where: { $0 == "-" }) > 1 { throw UsageError("stdin can be read only once") }
        var status = ExitStatus.done
        for file in files {
            do {
                let report = try check(file)
                if report.counts.errors > 0, status == .done { status = .invalidOutput }
            } catch let error as UsageError {
                // The others are checked all the same.
                Console.err("agent: \(Printable.escaped(error.description))\n")
                status = .usage
            }
        }
        if status != .done { throw status }
    }

    private func check(_ file: String) throws -> DatasetChecker {
        var checker = DatasetChecker(kind: kind)
        var report = DatasetReport(file: file, limit: limit, isQuiet: quiet, isJSON: json)
        try JSONLinesFile(file).forEachLine { line in
            let findings = checker.check(line)
            if !findings.isEmpty { report.add(findings, line: checker.counts.lines) }
        }
        report.add(checker.finish(), line: nil)
        report.finish(checker)
        return checker
    }
}
