// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes a file piece by piece: it appears whole with ``commit()``, and not at all without it.
///
/// A file that is there keeps its permissions, and a link is followed, as with ``AtomicFile``.
package final class AtomicFileWriter {
    private let place: FilePlace
    private let temporary: String
    private let file: Int32
    private var isCommitted = false
    package private(set) var byteCount = 0

    /// - Parameter shownAs: the path that an error names.
    /// - Throws: ``FileProblem``, also when `path` is there and no regular file.
    package convenience init(_ path: String, shownAs shown: String? = nil) throws {
        try self.init(at: try AtomicFile.place(of: path, shownAs: shown ?? path))
    }

    /// - Throws: ``FileProblem``, also when something is there that is neither a regular file nor a link.
    package init(at place: FilePlace) throws(FileProblem) {
        self.place = place
        temporary = "." + place.name.prefix(40) + ".\(UInt32.random(in: 0...UInt32.max)).tmp"
        let old = place.info
        let kind = old.map { $0.st_mode & S_IFMT }
        guard kind == nil || kind == S_IFREG || kind == S_IFLNK else {
            throw FileProblem("\(place.shown): not a regular file")
        }
        file = openat(place.folder.number, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw FileProblem(place.shown, errno) }
        if let old, kind == S_IFREG, fchmod(file, old.st_mode & 0o7777) != 0 { throw FileProblem(place.shown, errno) }
    }

    deinit {
        guard file >= 0 else { return }
        close(file)
        if !isCommitted { unlinkat(place.folder.number, temporary, 0) }
    }

    package func append(_ bytes: [UInt8]) throws {
        try AtomicFile.writeAll(bytes, file, place.shown)
        byteCount += bytes.count
    }

    /// Puts the file in its place.
    package func commit() throws {
        let folder = place.folder.number
        guard fsync(file) == 0, renameat(folder, temporary, folder, place.name) == 0 else {
            throw FileProblem(place.shown, errno)
        }
        isCommitted = true
    }
}
