// SPDX-License-Identifier: Apache-2.0

import AgentCore
import COpenBeneath
import Glibc

/// Finds the files beneath a path. Links are not followed and hidden names not entered, but a path may name either.
struct FolderWalk {
    /// Absolute paths, in order.
    private(set) var files: [String] = []
    private(set) var skipped: [IndexReport.Skipped] = []

    /// - Returns: `false` when there is nothing at `path`.
    mutating func take(_ path: String) -> Bool {
        var info = stat()
        guard stat(path, &info) == 0 else { return false }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: walk(path)
        case S_IFREG: files.append(path)
        default: skip(path, "not a regular file")
        }
        return true
    }

    /// Skips the files for which `reason` gives one.
    mutating func leaveOut(_ reason: (String) -> String?) {
        let found = files
        files = []
        for path in found {
            if let reason = reason(path) { skip(path, reason) } else { files.append(path) }
        }
    }

    /// Whether there is nothing at `path`, for all that can be seen.
    static func isGone(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private mutating func walk(_ folder: String) {
        guard let entries = Self.entries(of: folder) else { return skip(folder, String(cString: strerror(errno))) }
        for name in entries {
            let path = folder == "/" ? "/" + name : folder + "/" + name
            var info = stat()
            if name.hasPrefix(".") {
                skip(path, "hidden")
            } else if lstat(path, &info) != 0 {
                skip(path, String(cString: strerror(errno)))
            } else {
                take(path, info.st_mode & S_IFMT)
            }
        }
    }

    private mutating func take(_ path: String, _ kind: mode_t) {
        switch kind {
        case S_IFDIR: walk(path)
        case S_IFREG: files.append(path)
        case S_IFLNK: skip(path, "a link")
        default: skip(path, "not a regular file")
        }
    }

    private mutating func skip(_ path: String, _ reason: String) {
        skipped.append(IndexReport.Skipped(path: path, reason: reason))
    }

    private static func entries(of folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// What a file holds for an index.
enum TextFile {
    case text([UInt8])
    /// It holds none, for the reason.
    case unfit(String)
    /// It could not be read, for the reason.
    case unread(String)

    static func read(_ path: String, maximumBytes: Int) -> TextFile {
        let file = openWithoutLinks(path)
        guard file >= 0 else { return .unread(String(cString: strerror(errno))) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { return .unread(String(cString: strerror(errno))) }
        guard info.st_mode & S_IFMT == S_IFREG else { return .unfit("not a regular file") }
        guard info.st_size <= maximumBytes else {
            return .unfit("\(info.st_size) bytes; at most \(maximumBytes) are read")
        }
        guard let bytes = readAll(file, expecting: Int(info.st_size)) else {
            return .unread(String(cString: strerror(errno)))
        }
        if bytes.contains(0) { return .unfit("not text") }
        return String(validating: bytes, as: UTF8.self) == nil ? .unfit("not UTF-8 text") : .text(bytes)
    }

    /// Opens `path` if no part of it is a link; -1 and `errno` else. It was without links when it was found.
    private static func openWithoutLinks(_ path: String) -> Int32 {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let file = cob_open(AT_FDCWD, path, flags, 0, COB_NO_LINKS)
        if file >= 0 { return file }
        errno = -file
        guard errno == ENOSYS || errno == EPERM else { return -1 }
        // No openat2: where it has led is asked afterwards.
        let opened = open(path, flags)
        guard opened >= 0 else { return -1 }
        if let real = realpath("/proc/self/fd/\(opened)", nil) {
            defer { free(real) }
            if String(cString: real) == path { return opened }
        }
        close(opened)
        errno = ELOOP
        return -1
    }

    private static func readAll(_ file: Int32, expecting size: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno != EINTR { return nil }
            bytes += buffer[..<max(0, count)]
        }
    }
}
