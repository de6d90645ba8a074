// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes whole files: a reader sees the old content or the new, never a part.
///
/// A link is followed, a file keeps its permissions, and what is no file (a device, a pipe) is written to as it is.
package enum AtomicFile {
    /// - Parameter shownAs: the path that an error names.
    /// - Throws: ``FileProblem``; the old file is then still there.
    package static func write(_ bytes: [UInt8], to path: String, shownAs shown: String? = nil) throws {
        let shown = shown ?? path
        let path = target(of: path)
        var old = stat()
        let isThere = stat(path, &old) == 0
        if isThere, old.st_mode & S_IFMT != S_IFREG { return try writeThrough(bytes, path, shown) }
        let temporary = path + ".\(UInt32.random(in: 0...UInt32.max)).tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw FileProblem(shown, errno) }
        do {
            if isThere, fchmod(file, old.st_mode & 0o7777) != 0 { throw FileProblem(shown, errno) }
            try writeAll(bytes, file, shown)
            guard fsync(file) == 0 else { throw FileProblem(shown, errno) }
            guard rename(temporary, path) == 0 else { throw FileProblem(shown, errno) }
            close(file)
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
    }

    /// Where `path` leads when it is a link; otherwise `path`.
    static func target(of path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func writeThrough(_ bytes: [UInt8], _ path: String, _ shown: String) throws {
        // A pipe that nobody reads is an error, not a wait without end.
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else { throw FileProblem(shown, errno) }
        defer { close(file) }
        guard fcntl(file, F_SETFL, 0) == 0 else { throw FileProblem(shown, errno) }
        try writeAll(bytes, file, shown)
    }

    static func writeAll(_ bytes: [UInt8], _ file: Int32, _ shown: String) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileProblem(shown, errno)
            }
            start += count
        }
    }
}
