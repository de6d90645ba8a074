// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", _superCommandName: "agent", abstract: "Checks JSON files against a JSON Schema.",
        discussion: """
            Prints each fault as FILE:LINE:COLUMN: /pointer: what is wrong. Exits with 0 when all files are valid, with 4 when one \
            is not. `format` is checked, and nothing is fetched.
            """)

    @Flag(help: "Print one JSON object a file: its faults in the basic output format.") var json = false
    @Flag(name: .shortAndLong, help: "Print nothing; only the exit code counts.") var quiet = false
    @Argument(help: "A file with a JSON Schema, the schema itself, or its fields: 'name, authors[]'.") var schema:
        String
    @Argument(help: ArgumentHelp("The JSON files; - is stdin.", valueName: "file")) var files: [String]

    func run() async throws {
        let schema = try SchemaArgument.read(schema, flag: "SCHEMA")
        if files.count(where: { $0 == "-" }) > 1 { throw UsageError("stdin can be read only once") }
        var status = ExitStatus.done
        for file in files {
            do {
                let bytes = file == "-" ? try await StandardInput.read(.all) ?? [] : try ScriptFile(file).source
                let checked = CheckedFile(name: file, bytes: bytes, by: schema)
                if !checked.isValid, status == .done { status = .invalidOutput }
                if !quiet { Console.out(json ? try checked.json.serialized() + "\n" : checked.lines) }
            } catch let error as UsageError {
                // The others are checked all the same.
                Console.err("agent: \(Printable.escaped(error.description))\n")
                status = .usage
            }
        }
        if status != .done { throw status }
    }
}
