// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// A Lua file named on the command line.
struct ScriptFile {
    private static let limit = 256 << 20

    let path: String
    let source: [UInt8]

    /// - Throws: ``UsageError`` when there is no such file.
    init(_ path: String) throws {
        self.path = path
        guard let file = fopen(path, "re") else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var source: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            source += buffer[..<count]
            if count < buffer.count { break }
            if source.count > Self.limit { throw UsageError("\(path): longer than \(Self.limit >> 20) MiB") }
        }
        if ferror(file) != 0 { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
        self.source = source
    }

    func run(arguments: [String], in session: Session) async throws -> Script {
        let source = try session.record?.source(of: self) ?? source
        var environment = session.environment
        environment.sessionOwner = SessionPlace.path(of: path)
        return try await Script.run(source, name: path, arguments: arguments, in: environment)
    }
}

extension [String] {
    /// The words as one prompt; `-` alone is standard input. `nil` when there are none.
    func prompt(in session: Session? = nil) async throws -> String? {
        if self == ["-"], let record = session?.record { return try await record.prompt { try await prompt() } }
        if self == ["-"] {
            let bytes = try await StandardInput.read(.all) ?? []
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw UsageError("standard input is not UTF-8 text")
            }
            return text
        }
        return isEmpty ? nil : joined(separator: " ")
    }
}
