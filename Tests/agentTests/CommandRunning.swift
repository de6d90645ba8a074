// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import SystemPackage
import Testing

/// What a finished command left behind.
struct Outcome {
    let status: Int32
    let out: String
    let err: String
}

/// The `agent` command as a program, in an environment of its own.
struct Command {
    /// Built beside the tests.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (tests as NSString).deletingLastPathComponent + "/agent"
    }()

    let folder: Folder
    var variables: [String: String]

    init() throws {
        folder = try Folder()
        variables = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_CACHE_HOME": folder.path + "/cache",
            "XDG_RUNTIME_DIR": folder.path + "/run",
        ]
    }

    /// A command whose models are answered by `server`.
    init(server: FakeModelServer) throws {
        try self.init()
        variables["OPENAI_BASE_URL"] = server.url + "/v1"
        variables["MISTRAL_SERVER_URL"] = server.url
        variables["MISTRAL_API_KEY"] = "secret-key"
    }

    func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        let result = try await Subprocess.run(
            .path(FilePath(Self.path)), arguments: .init(arguments), environment: environment,
            workingDirectory: FilePath(folder.path),
            input: .fileDescriptor(try Self.file(holding: input), closeAfterSpawningProcess: true),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return Outcome(
            status: Self.code(result.terminationStatus), out: result.standardOutput, err: result.standardError)
    }

    /// A file without a name. Through `.string(input)` a command that ends before it has read its input ends the tests:
    /// swift-subprocess 1.0.2 forgets to close a pipe that breaks, and traps ("FileDescriptor was not closed").
    private static func file(holding text: String) throws -> FileDescriptor {
        let path = FilePath(NSTemporaryDirectory() + "agent-input-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try FileManager.default.removeItem(atPath: path.string)
        try file.writeAll(text.utf8)
        try file.seek(offset: 0, from: .start)
        return file
    }

    /// Runs the command, sends `signal` when `isDue` returns, and gives its exit code; -1 when the signal ended it.
    func run(
        _ arguments: [String], ending signal: Signal, when isDue: () async throws -> Void
    ) async throws -> Int32 {
        let result = try await Subprocess.run(
            .path(FilePath(Self.path)), arguments: .init(arguments), environment: environment,
            workingDirectory: FilePath(folder.path), input: .none, output: .discarded, error: .discarded
        ) { execution in
            try await isDue()
            try execution.send(signal: signal)
        }
        return Self.code(result.terminationStatus)
    }

    var environment: Environment {
        .custom(Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
    }

    static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        default: -1
        }
    }
}

/// A new folder that is removed in the end.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "agent-cli-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Folders above the file are made.
    func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    /// What is in the folder, but for the state that the command keeps of itself.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0 != ".local" }.sorted()
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}

extension Command {
    /// Runs the command against a server: what it left behind, and what the server was sent.
    static func served(
        _ arguments: [String], input: String = "", files: [String: String] = [:],
        reply: @escaping @Sendable (FakeRequest) async -> FakeReply
    ) async throws -> (outcome: Outcome, requests: [FakeRequest], folder: Folder) {
        try await FakeModelServer.with(reply: reply) { server in
            let command = try Command(server: server)
            for (name, text) in files { try command.folder.write(text, to: name) }
            let outcome = try await command.run(arguments, input: input)
            return (outcome, server.requests, command.folder)
        }
    }
}
