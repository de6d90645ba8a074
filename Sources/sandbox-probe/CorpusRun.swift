// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import JSONCore
import LuaRuntime

/// Runs cases of the corpus one after the other in this process, each followed by a good call, and fails when one ends in
/// a way that its manifest does not accept.
struct CorpusRun {
    private let folder: String
    private let cases: [CorpusCase]
    private let sandbox: Sandbox

    init(folder: String, ids: some Collection<String>, in sandbox: Sandbox) throws {
        self.folder = folder
        self.sandbox = sandbox
        let wanted = Set(ids.compactMap { Int64($0) })
        let manifest = try JSONValue(parsing: String(decoding: try Self.read("\(folder)/index.json"), as: UTF8.self))
        cases = try (manifest.arrayValue ?? []).map(CorpusCase.init).filter {
            wanted.isEmpty || wanted.contains($0.id)
        }
        guard !cases.isEmpty else { throw Unexpected("the corpus in \(folder) has no such case") }
    }

    func run() async throws {
        var failed = 0
        for one in cases {
            let start = ContinuousClock.now
            let end = await Ending(of: try source(of: one), name: one.file, in: sandbox, computeTime: one.computeTime)
            let problem = await problem(of: one, end)
            if problem != nil { failed += 1 }
            let took = (ContinuousClock.now - start) / .milliseconds(1)
            let line: JSONValue = [
                "id": .integer(one.id), "name": .string(one.name), "kind": .string(end.kind),
                "ok": .bool(problem == nil), "ms": .number((took * 10).rounded() / 10),
                "message": .string(problem ?? String(end.message.prefix(200))),
            ]
            write(try line.serialized() + "\n")
        }
        if failed > 0 { exit(1) }
    }

    private func problem(of one: CorpusCase, _ end: Ending) async -> String? {
        guard one.kinds.contains(end.kind) else {
            return "expected \(one.kinds.sorted()), found \(end.kind): \(end.message.prefix(200))"
        }
        if one.mustNotLeak, end.value?.stringValue == "LEAK" { return "it leaked" }
        if let poison = one.poison {
            let after = await Ending(of: Array("return \(poison)".utf8), name: "after", in: sandbox)
            if after.value != true { return "another script is poisoned: \(poison) is false" }
        }
        let good = await Ending(of: Array(Self.good.utf8), name: "good", in: sandbox)
        return good.value == "HELLO 3" ? nil : "the next good script ended with \(good.kind): \(good.message)"
    }

    private static let good = """
        local s = 0 for _, n in ipairs { 1, 2 } do s = s + n end return ("hello"):upper() .. " " .. s
        """

    /// The cases use short names of capabilities.
    private static let prelude = """
        local agent = require "agent" \
        local function must(value, reason) if value == nil then error(reason, 0) end return value end \
        local function checked(f) return function(...) return must(f(...)) end end \
        fs = { read = checked(agent.fs.read), write = checked(agent.fs.write) } \
        http = { get = checked(agent.http.get) } \
        env = { get = checked(agent.env) } \
        exec = { run = function(...) return must(agent.exec { ... }) end }\n
        """

    private func source(of one: CorpusCase) throws -> [UInt8] {
        Array(Self.prelude.utf8) + (try Self.read("\(folder)/\(one.file)"))
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Unexpected("\(path) cannot be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
