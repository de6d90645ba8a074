// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct DatasetExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Makes a line of training data of each recorded run.",
        discussion: """
            The files hold what `agent run --json` prints, an object each or one a line, or the events of --jsonl. A run that \
            cannot become a line is named with its reason and left out, and the command exits with 4.
            """)

    @Option(name: [.customShort("o"), .customLong("output")], help: "Write to a file, whole or not at all.") var output:
        String?
    @Flag(help: "Train on the last answer of each run alone.") var onlyLast = false
    @Flag(help: "Keep the system messages of the runs, as one a line.") var keepSystem = false
    @Option(help: ArgumentHelp("A system message for every line, such as the agent's instructions.", valueName: "text"))
    var system: String?
    @Argument(help: ArgumentHelp("The recorded runs; - is stdin.", valueName: "file")) var files: [String]

    func run() async throws {
        let file = try output.map(OutputFile.init)
        var exporter = RunExporter()
        exporter.onlyLast = onlyLast
        exporter.keepsSystem = keepSystem
        exporter.system = system
        var (written, left) = (0, 0)
        for name in files {
            for (place, run) in try Self.runs(in: name) {
                do {
                    let line = try JSONValue.object(exporter.line(of: try run.get())).serialized() + "\n"
                    if let file { file.append(Array(line.utf8)) } else { Console.out(line) }
                    written += 1
                } catch let reason as RunExporter.Reason {
                    Console.err("agent: \(Printable.escaped("\(place): left out: \(reason)"))\n")
                    left += 1
                }
            }
        }
        try file?.commit()
        Console.err("\(written) line\(written == 1 ? "" : "s")\(left == 0 ? "" : ", \(left) left out")\n")
        if left > 0 { throw ExitStatus.invalidOutput }
    }

    typealias Run = (place: String, run: Result<JSONValue, RunExporter.Reason>)

    /// The runs of a file, each with its place: the whole file as one value, or a value a line.
    static func runs(in name: String) throws -> [Run] {
        var lines: [[UInt8]] = []
        try JSONLinesFile(name).forEachLine { line in lines.append(line.withUnsafeBufferPointer { Array($0) }) }
        if lines.count > 1, let whole = try? JSONValue(parsing: Array(lines.joined(separator: [0x0A]))) {
            return [(name, .success(whole))]
        }
        var runs: [Run] = []
        for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            let place = lines.count == 1 ? name : "\(name):\(index + 1)"
            do {
                let value = try JSONValue(parsing: line)
                // Of the events of a run the last one holds all of it; a run that failed ends in an error.
                let type = value["messages"] == nil ? value["type"]?.stringValue : nil
                if let type, type != "done" && type != "error" { continue }
                runs.append((place, .success(value)))
            } catch {
                runs.append((place, .failure(RunExporter.Reason(notJSON: error.message))))
            }
        }
        if runs.isEmpty { runs.append((name, .failure(RunExporter.Reason(notJSON: "the file is empty")))) }
        return runs
    }
}
