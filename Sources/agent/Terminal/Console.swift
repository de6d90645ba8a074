// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard output and standard error, written whole and unbuffered.
enum Console {
    static let outIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errIsTerminal = isatty(STDERR_FILENO) == 1
    static let inIsTerminal = isatty(STDIN_FILENO) == 1

    static func out(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
    static func out(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
    static func err(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

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

/// Text of models and tools, made harmless for a terminal.
enum Printable {
    /// `text` with control characters shown as `\u{1B}`; line feeds and tabs stay.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isControl(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// `text` on one line of at most `width` characters.
    static func short(_ text: String, width: Int = 100) -> String {
        let line = escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.count <= width ? line : line.prefix(width - 1) + "…"
    }

    /// C0 without tab and line feed, DEL, C1, and the marks that turn the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
