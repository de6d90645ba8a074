// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import Synchronization

/// The file of `-o`: collected, then put in its place whole.
final class OutputFile: Sendable {
    private let path: String
    private let content = Mutex<[UInt8]>([])

    /// - Throws: ``ConfigurationError`` when the file could not be written in the end: better now than after the run.
    init(_ path: String) throws {
        self.path = path
        var info = stat()
        if stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR {
            throw ConfigurationError("-o \(path): expected a file, found a folder")
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(path, W_OK) == 0 || (errno == ENOENT && access(folder, W_OK) == 0) else {
            throw ConfigurationError("-o \(path): \(String(cString: strerror(errno)))")
        }
    }

    var isEmpty: Bool { content.withLock(\.isEmpty) }

    func append(_ bytes: [UInt8]) { content.withLock { $0 += bytes } }

    /// Writes what was collected, be it nothing.
    func commit() throws {
        let bytes = content.withLock(\.self)
        do {
            try AtomicFile.write(bytes, to: path)
        } catch {
            // Nothing is lost: what could not be put in the file is shown.
            Console.out(bytes)
            throw ConfigurationError("-o \(error); the answer is on stdout instead")
        }
    }
}
