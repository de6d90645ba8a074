// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import Glibc

/// A recorded run from which tests are answered: models, tools and everything else that was asked is on it, and nothing that is
/// not on it is ever asked.
///
/// ```swift
/// let tape = try Tape(path: "Tapes/colder.jsonl")
/// let result = try await tape.replay { try await agent.run("Is it colder in Oslo than in Cairo?") }
/// ```
public struct Tape: Sendable, Equatable {
    public var run: RecordedRun

    public init(_ run: RecordedRun) { self.run = run }

    /// Reads a tape: a file of JSON lines, as ``write(to:)`` and exports of runs make it.
    ///
    /// - Throws: ``JournalError``: ``JournalError/Code/notFound`` when there is no such file, ``JournalError/Code/storage`` when it
    ///   cannot be read, ``JournalError/Code/format`` with the line when it is no recorded run.
    public init(path: String) throws(JournalError) {
        let bytes = try Self.read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JournalError(.format, "\(path): not UTF-8 text")
        }
        run = try RecordedRun(jsonLines: text, name: path)
        guard run.info.format == RunInfo.currentFormat else {
            throw JournalError(
                .format, "\(path): format \(run.info.format); this version reads \(RunInfo.currentFormat)")
        }
    }

    /// Writes the tape, whole or not at all, and makes the folder it is in.
    ///
    /// - Throws: ``JournalError/Code/storage``.
    public func write(to path: String) throws {
        let text = try run.jsonLines.joined(separator: "\n") + "\n"
        try Self.makeFolder(of: path)
        let beside = path + ".\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        guard let file = fopen(beside, "wxe") else { throw Self.failed(path) }
        let bytes = Array(text.utf8)
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0
        let isClosed = fclose(file) == 0
        guard isWritten, isClosed, rename(beside, path) == 0 else {
            let error = Self.failed(path)
            unlink(beside)
            throw error
        }
    }

    /// Does `body`, whose runs are really made, and records them.
    ///
    /// - Parameter secrets: are taken out of all that is kept.
    /// - Throws: what `body` throws; nothing is recorded then.
    public static func record<Value>(
        secrets: SecretRedactor = SecretRedactor(), _ body: () async throws -> Value
    ) async throws -> (value: Value, tape: Tape) {
        var info = RunInfo(id: "tape")
        info.command = "test"
        info.began = WallClock.microseconds
        let journal = MemoryJournal(info)
        let recorder = RunRecorder(info, journal: journal, secrets: secrets)
        let value = try await recorder.root().run(body)
        if let failure = recorder.failure { throw failure }
        try await recorder.update { info in
            info.status = .done
            info.ended = WallClock.microseconds
        }
        return (value, Tape(journal.recorded))
    }

    /// Does `body`, whose runs are answered from the tape.
    ///
    /// - Throws: ``TapeMiss`` when a run asks for what is not on the tape, or not for all that is; else what `body` throws.
    public func replay<Value>(_ body: () async throws -> Value) async throws -> Value {
        let replay = TapeReplay(self)
        let value: Value
        do {
            value = try await replay.recorder.root().run(body)
        } catch {
            throw replay.miss ?? error
        }
        if let miss = replay.miss ?? replay.leftOver { throw miss }
        return value
    }

    // MARK: - Files

    private static func failed(_ path: String) -> JournalError {
        JournalError(errno == ENOENT ? .notFound : .storage, "\(path): \(String(cString: strerror(errno)))")
    }

    private static func read(_ path: String) throws(JournalError) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw failed(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes += buffer[..<count]
            if count < buffer.count { break }
        }
        guard ferror(file) == 0 else { throw failed(path) }
        return bytes
    }

    private static func makeFolder(of path: String) throws {
        let parts = path.split(separator: "/").dropLast()
        var folder = path.hasPrefix("/") ? "" : "."
        for part in parts {
            folder += "/" + part
            if mkdir(folder, 0o777) != 0, errno != EEXIST { throw failed(folder) }
        }
    }
}
