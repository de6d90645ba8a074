// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    /// Runs the program of `agent.exec`.
    func execute(_ request: DoorRequest) async throws -> LuaAnswer {
        let (words, options) = try (words(request), request.table(1, "options"))
        var run = ProgramCall(name: words[0], arguments: Array(words.dropFirst()))
        var folder: String?
        for (name, value) in options {
            let place = "agent.exec: \(name)"
            switch name {
            case "stdin": run.input = try value.textBytes(place)
            case "timeout": run.timeout = .seconds(try SpecField(place, value.json()).number(in: 0.001...3600))
            case "cwd": folder = try SpecField(place, value.json()).string()
            default: throw Misuse("agent.exec: unknown option '\(name)'; there are stdin, timeout and cwd")
            }
        }
        if let program = environment.fakes?.program {
            try capabilities.checkProgram(words[0], "agent.exec")
            guard let ending = try program(words, run.input) else { return .failure("\(words[0]): no such program") }
            return .values(ProgramCall.message(ending.status, ending.output, ending.errors))
        }
        do {
            run.path = try capabilities.program(words[0], "agent.exec")
            run.folder = try folder.map { try capabilities.files.folder($0, "agent.exec: cwd") }
            run.variables = childVariables
            return .values(try await run.message())
        } catch let problem as FileProblem {
            return .failure(problem.description)
        }
    }

    private func words(_ request: DoorRequest) throws -> [String] {
        let values = try SpecField("agent.exec", try request.json(0)).list()
        let words = try values.enumerated().map { place, value in
            guard let word = value.stringValue, !word.utf8.contains(0) else {
                throw Misuse("agent.exec: [\(place + 1)]: expected a string without NUL bytes, found \(value.typeName)")
            }
            return word
        }
        guard !words.isEmpty else { throw Misuse("agent.exec: expected a program and its arguments, found no word") }
        return words
    }

    /// Nothing of ours but where programs are, and what was granted by name.
    private var childVariables: [String: String] {
        var variables = ["PATH": capabilities.searchPath, "LANG": "C.UTF-8"]
        for name in capabilities.variables {
            guard let value = environment.variables(name) else { continue }
            // The program may print it, and an error may quote that.
            environment.secrets.note(value)
            variables[name] = value
        }
        return variables
    }
}
