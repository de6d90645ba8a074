// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// The terminal that a person sits at, apart from standard input: what was piped in, or typed before a question was put, does
/// not answer it.
final class ApprovalTerminal: Sendable {
    /// The terminal is gone, or in the hands of another program.
    struct Lost: Error {}

    private static let lineLimit = 64 << 10

    let file: Int32

    /// `nil` when nobody can be asked: stdin or stderr is no terminal, or the process has none.
    init?() {
        guard Console.inIsTerminal, Console.errIsTerminal else { return nil }
        file = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return nil }
    }

    deinit { if file >= 0 { close(file) } }

    /// Whether a read would not stop the process, as it would in the background (POSIX, SIGTTIN).
    private var isOurs: Bool { tcgetpgrp(file) == getpgrp() }

    /// Puts a question and waits for a line.
    ///
    /// - Returns: the line without its end; `nil` at the end of input (Ctrl-D).
    /// - Throws: ``Lost``; `CancellationError`.
    func ask(_ question: String) async throws -> String? {
        guard isOurs else { throw Lost() }
        tcflush(file, TCIFLUSH)
        Console.err(question)
        var line: [UInt8] = []
        while true {
            guard let bytes = try await chunk() else {
                return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
            }
            line += bytes
            if line.last == 0x0A { return String(decoding: line.dropLast(), as: UTF8.self) }
            guard line.count <= Self.lineLimit else { throw Lost() }
        }
    }

    /// Waits without holding a thread: other runs go on while a person thinks.
    private func chunk() async throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            try Task.checkCancellation()
            var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            if poll(&wanted, 1, 0) == 0 {
                try await Task.sleep(for: .milliseconds(30))
                continue
            }
            guard isOurs else { throw Lost() }
            let count = read(file, &buffer, buffer.count)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { return nil }
            if errno != EINTR && errno != EAGAIN { throw Lost() }
        }
    }
}
