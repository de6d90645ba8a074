// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import Synchronization

/// Standard output and standard error, written whole and unbuffered.
///
/// What goes to a terminal goes through ``TerminalText``; in a pipe or a file the bytes of stdout stay as they are. Secrets never
/// reach stderr.
enum Console {
    /// The keys of this process and the variables that scripts were given; as much one of a kind as stderr itself.
    static let secrets = SecretRedactor()
    private static let terminal = Mutex(TerminalText())

    static let outIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errIsTerminal = isatty(STDERR_FILENO) == 1
    static let inIsTerminal = isatty(STDIN_FILENO) == 1

    static func out(_ text: String) { out(Array(text.utf8)) }
    static func out(_ bytes: [UInt8]) {
        // Under the lock, so that the pieces of two writers are not mixed within a character.
        if outIsTerminal { return terminal.withLock { write($0.next(bytes), to: STDOUT_FILENO) } }
        write(bytes, to: STDOUT_FILENO)
    }
    /// Prints what this program has made of records, with its own styles; nothing else in it reaches a terminal as a command.
    static func show(_ text: String) { write(Array(Printable.styled(text).utf8), to: STDOUT_FILENO) }
    static func err(_ text: String) {
        write(Array(Printable.styled(secrets.redact(text)).utf8), to: STDERR_FILENO)
    }

    /// Shows a character that the last output to a terminal cut off.
    static func finishOut() {
        guard outIsTerminal else { return }
        terminal.withLock { write($0.end(), to: STDOUT_FILENO) }
    }

    /// Puts `/dev/null` where a standard stream is closed, so that no file or socket takes its number.
    static func openMissingStreams() {
        for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                // Whoever read our output is gone, as in `agent … | head`: end as SIGPIPE would have ended us.
                _exit(128 + SIGPIPE)
            } else if errno != EINTR && errno != EAGAIN {
                // An answer that was not written is not an answer. Of stderr nobody can be told.
                if file == STDERR_FILENO { return }
                err("agent: standard output: \(String(cString: strerror(errno)))\n")
                exit(ExitStatus.scriptError.rawValue)
            }
        }
    }
}
