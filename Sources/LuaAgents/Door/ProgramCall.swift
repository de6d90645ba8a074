// SPDX-License-Identifier: Apache-2.0

import Glibc
import LuaRuntime
import Subprocess
import SystemPackage

/// A program that a script runs: by a list of words and without a shell, with a clean environment, for a limited time, with limited
/// output, in a session of its own, so that what it starts ends with it when time is up.
struct ProgramCall: Sendable {
    /// Bytes of stdout, and of stderr, that a script may be handed.
    static let outputBytes = 16 << 20

    /// As the script calls it.
    let name: String
    let arguments: [String]
    var path = ""
    /// `nil` for the current folder.
    var folder: String?
    var input: [UInt8] = []
    var variables: [String: String] = [:]
    var timeout = Duration.seconds(60)

    init(name: String, arguments: [String]) {
        self.name = name
        self.arguments = arguments
    }

    /// `{ status, stdout, stderr }`; the status of a program that a signal has ended is 128 and its number, as in a shell.
    ///
    /// - Throws: ``FileProblem`` when it cannot be run, takes too long or writes too much; `CancellationError`.
    func message() async throws -> LuaMessage {
        let ending = try await withThrowingTaskGroup(of: Ending?.self) { group in
            group.addTask { try await start() }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let ending else { throw FileProblem("\(name): it did not end within \(timeout)") }
        return Self.message(Int(ending.status), ending.output, ending.errors)
    }

    static func message(_ status: Int, _ output: [UInt8], _ errors: [UInt8]) -> LuaMessage {
        var message = LuaMessage()
        message.append(
            LuaValue.table([
                .init("status", .integer(Int64(status))), .init("stdout", .bytes(output)),
                .init("stderr", .bytes(errors)),
            ]))
        return message
    }

    private struct Ending: Sendable {
        let status: Int32
        let output: [UInt8]
        let errors: [UInt8]
    }

    private func start() async throws -> Ending {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        let environment = Dictionary(
            variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) },
            uniquingKeysWith: { first, _ in first })
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(executablePathOverride: name, remainingValues: arguments),
                environment: .custom(environment), workingDirectory: folder.map { FilePath($0) },
                platformOptions: options,
                input: .fileDescriptor(try inputFile(), closeAfterSpawningProcess: true),
                output: .bytes(limit: Self.outputBytes), error: .bytes(limit: Self.outputBytes))
            try Task.checkCancellation()
            return Ending(
                status: Self.status(result.terminationStatus), output: result.standardOutput,
                errors: result.standardError)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            if error.code == .outputLimitExceeded {
                throw FileProblem("\(name): it wrote more than \(Self.outputBytes >> 20) MiB")
            }
            throw FileProblem("\(name): it cannot be run: \(error)")
        }
    }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// A file without a name: a pipe would break when the program ends before it has read all, and swift-subprocess 1.0.2 traps then.
    private func inputFile() throws -> FileDescriptor {
        if input.isEmpty { return try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec) }
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/agent-input-\(UInt64.random(in: 0...UInt64.max))"
        let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else {
            throw FileProblem("\(name): a file for its input: \(String(cString: strerror(errno)))")
        }
        unlink(path)
        let file = FileDescriptor(rawValue: number)
        do {
            try file.writeAll(input)
            try file.seek(offset: 0, from: .start)
        } catch {
            try? file.close()
            throw FileProblem("\(name): a file for its input: \(error)")
        }
        return file
    }
}
