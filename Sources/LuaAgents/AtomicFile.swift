// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes whole files: a reader sees the old content or the new, never a part.
package enum AtomicFile {
    /// - Parameter shownAs: the path that an error names.
    /// - Throws: ``FileProblem``; the old file is then still there.
    package static func write(_ bytes: [UInt8], to path: String, shownAs shown: String? = nil) throws {
        let shown = shown ?? path
        let temporary = path + ".\(UInt32.random(in: 0...UInt32.max)).tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw FileProblem(shown, errno) }
        do {
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

    private static func writeAll(_ bytes: [UInt8], _ file: Int32, _ shown: String) throws {
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
