// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file under a path that leads to nothing else, whatever becomes of the path by which it was found.
///
/// It is a link to the descriptor, in a folder of this user's own: it keeps the file's name, which tells its type, and programs that
/// we start find it too. Both are gone with the value.
final class PinnedFile: Sendable {
    let path: String
    private let file: OpenDescriptor
    private let folder: String

    /// - Parameter shown: the path that it was found by.
    /// - Throws: ``FileProblem`` when no folder for temporary files can be made.
    init(_ file: OpenDescriptor, shownAs shown: String) throws(FileProblem) {
        self.file = file
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        var template = Array(((parent.hasPrefix("/") ? parent : "/tmp") + "/agent-XXXXXX").utf8CString)
        // mkdtemp makes it with mode 0700.
        guard mkdtemp(&template) != nil else { throw FileProblem(shown, errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = folder + "/" + (shown.split(separator: "/").last { $0 != "." && $0 != ".." } ?? "file")
        guard symlink("/proc/\(getpid())/fd/\(file.number)", path) == 0 else {
            let number = errno
            rmdir(folder)
            throw FileProblem(shown, number)
        }
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }
}
