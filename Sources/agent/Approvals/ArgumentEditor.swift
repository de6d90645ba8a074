// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import Subprocess
import SystemPackage

/// Lets a person edit the arguments of a call: in the program of `VISUAL` or `EDITOR`, else as a line of JSON.
struct ArgumentEditor {
    /// Why there are no new arguments, in words for the person.
    struct Problem: Error { let sentence: String }

    private static let limit = 4 << 20

    let terminal: ApprovalTerminal

    /// - Returns: an object; whether the tool's schema allows it is not known yet. `nil` when nothing was changed.
    /// - Throws: ``Problem``; `CancellationError`; ``ApprovalTerminal/Lost``.
    func edit(_ arguments: JSONValue) async throws -> JSONValue? {
        let names = ["VISUAL", "EDITOR"].compactMap(environmentVariable)
        let bytes: [UInt8]
        if let program = names.first(where: { !$0.isEmpty }) {
            bytes = try await edited(try before(arguments), by: program)
        } else {
            bytes = Array((try await terminal.ask("arguments as one line of JSON (empty: unchanged) > ") ?? "").utf8)
            if bytes.isEmpty { return nil }
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw Problem(sentence: "not JSON: \(error)")
        }
        guard case .object = value else { throw Problem(sentence: "expected a JSON object, found \(value.typeName)") }
        return value == arguments ? nil : value
    }

    private func before(_ arguments: JSONValue) throws -> [UInt8] {
        guard let bytes = try? arguments.serializedBytes(indent: 2) else {
            throw Problem(sentence: "the arguments have no JSON text")
        }
        return bytes + [0x0A]
    }

    /// The arguments may be private, so their file is in a folder of this user's alone, and gone afterwards.
    private func edited(_ bytes: [UInt8], by program: String) async throws -> [UInt8] {
        let base = environmentVariable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((base + "/agent-edit-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { throw Problem(sentence: "\(base): \(Self.reason)") }
        let folder = String(cString: made)
        let path = folder + "/arguments.json"
        defer {
            unlink(path)
            rmdir(folder)
        }
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Problem(sentence: "\(path): \(Self.reason)") }
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
        guard written == bytes.count else { throw Problem(sentence: "\(path): the arguments could not be written") }
        try await run(program, on: path)
        return try content(of: path)
    }

    private func run(_ program: String, on path: String) async throws {
        let screen = FileDescriptor(rawValue: terminal.file)
        do {
            // By a shell, as git does it: EDITOR may hold options.
            let result = try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", program + " \"$1\"", "sh", path],
                input: .fileDescriptor(screen, closeAfterSpawningProcess: false),
                output: .fileDescriptor(screen, closeAfterSpawningProcess: false),
                error: .fileDescriptor(screen, closeAfterSpawningProcess: false))
            try Task.checkCancellation()
            guard case .exited(0) = result.terminationStatus else {
                throw Problem(sentence: "the editor failed (\(result.terminationStatus))")
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw Problem(sentence: "the editor cannot be run: \(error)")
        }
    }

    private func content(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "re") else { throw Problem(sentence: "\(path): \(Self.reason)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard count <= Self.limit else { throw Problem(sentence: "longer than \(Self.limit >> 20) MiB") }
        return Array(bytes[..<count])
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
