// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes whole files: a reader sees the old content or the new, never a part.
///
/// A link is followed, a file keeps its permissions, and what is no file (a device, a pipe) is written to as it is.
package enum AtomicFile {
    /// Writes to a path that the user gave.
    ///
    /// - Parameter shownAs: the path that an error names.
    /// - Throws: ``FileProblem``; the old file is then still there.
    package static func write(_ bytes: [UInt8], to path: String, shownAs shown: String? = nil) throws {
        let shown = shown ?? path
        var old = stat()
        if stat(path, &old) == 0, old.st_mode & S_IFMT != S_IFREG { return try writeThrough(bytes, path, shown) }
        try write(bytes, to: try place(of: path, shownAs: shown))
    }

    /// Writes a regular file.
    ///
    /// - Throws: ``FileProblem``; the old file is then still there.
    static func write(_ bytes: [UInt8], to place: FilePlace) throws {
        let writer = try AtomicFileWriter(at: place)
        try writer.append(bytes)
        try writer.commit()
    }

    /// Where the file at `path` is, or would be, all links followed.
    static func place(of path: String, shownAs shown: String) throws(FileProblem) -> FilePlace {
        let target = target(of: path)
        let slash = target.lastIndex(of: "/")
        let name = slash.map { String(target[target.index(after: $0)...]) } ?? target
        let parent = slash.map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
        let folder = open(parent, pathOnly | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0, !name.isEmpty else { throw FileProblem(shown, name.isEmpty ? EISDIR : errno) }
        return FilePlace(folder: OpenDescriptor(folder), name: name, shown: shown)
    }

    /// Where `path` leads when it is a link; otherwise `path`.
    private static func target(of path: String) -> String {
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
