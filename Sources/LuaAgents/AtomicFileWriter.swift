// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes a file piece by piece: it appears whole with ``commit()``, and not at all without it.
///
/// A file that is there keeps its permissions, and a link is followed, as with ``AtomicFile``.
package final class AtomicFileWriter {
    private let target: String
    private let temporary: String
    private let shown: String
    private let file: Int32
    private var isCommitted = false
    package private(set) var byteCount = 0

    /// - Parameter shownAs: the path that an error names.
    /// - Throws: ``FileProblem``, also when `path` is there and no regular file.
    package init(_ path: String, shownAs shown: String? = nil) throws {
        self.shown = shown ?? path
        target = AtomicFile.target(of: path)
        temporary = target + ".\(UInt32.random(in: 0...UInt32.max)).tmp"
        var old = stat()
        let isThere = stat(target, &old) == 0
        guard !isThere || old.st_mode & S_IFMT == S_IFREG else {
            throw FileProblem("\(self.shown): not a regular file")
        }
        file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw FileProblem(self.shown, errno) }
        if isThere, fchmod(file, old.st_mode & 0o7777) != 0 { throw FileProblem(self.shown, errno) }
    }

    deinit {
        guard file >= 0 else { return }
        close(file)
        if !isCommitted { unlink(temporary) }
    }

    package func append(_ bytes: [UInt8]) throws {
        try AtomicFile.writeAll(bytes, file, shown)
        byteCount += bytes.count
    }

    /// Puts the file in its place.
    package func commit() throws {
        guard fsync(file) == 0, rename(temporary, target) == 0 else { throw FileProblem(shown, errno) }
        isCommitted = true
    }
}
