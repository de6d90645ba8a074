// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc

/// Folders that hold the sockets of an engine. Whoever can write into one of them could put an engine of his own there
/// and read what is asked, so they must belong to this user and to nobody else.
enum PrivateFolder {
    /// Makes `path` with everything above it that is missing, for this user only.
    ///
    /// - Throws: ``ModelError`` with ``ModelError/Code/unavailable`` when `path` or the folder above it cannot be made, is
    ///   no folder or is open to others, or when the folder above those two lets others put things in their place (`/tmp`
    ///   does not). What is higher up is the system's business.
    static func make(_ path: String) throws {
        var built = ""
        let parts = path.split(separator: "/")
        for (place, part) in parts.enumerated() {
            built += "/\(part)"
            if mkdir(built, 0o700) != 0 {
                let reason = String(cString: strerror(errno))
                var info = stat()
                if lstat(built, &info) != 0 { throw refusal(built, reason) }
            }
            guard place >= parts.count - 3 else { continue }
            if let problem = problem(of: built, isAbove: place == parts.count - 3) { throw refusal(built, problem) }
        }
    }

    /// Why `path` is not a folder of this user's own; `nil` when it is.
    ///
    /// - Parameter isAbove: whether it is enough that others cannot replace what is in it.
    static func problem(of path: String, isAbove: Bool = false) -> String? {
        var info = stat()
        // Not through a link: its owner could turn it elsewhere later.
        guard lstat(path, &info) == 0 else { return String(cString: strerror(errno)) }
        if info.st_mode & S_IFMT != S_IFDIR { return "it is not a folder" }
        if info.st_uid != getuid() && !(isAbove && info.st_uid == 0) {
            return "it belongs to user \(info.st_uid), not to user \(getuid())"
        }
        let isSticky = info.st_mode & S_ISVTX != 0
        if info.st_mode & 0o022 != 0 && !(isAbove && isSticky) { return "others may write into it" }
        return nil
    }

    private static func refusal(_ path: String, _ problem: String) -> ModelError {
        ModelError(
            .unavailable,
            "the folder \(path), where the local model's sockets are, cannot be used: \(problem); set XDG_RUNTIME_DIR to a "
                + "folder of your own")
    }
}
