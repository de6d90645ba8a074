// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files as scripts see them: each path is resolved, links and `..` included, and must then lie beneath a granted root.
struct FileAccess: Sendable {
    let grants: Grants
    /// Bytes that one read may return.
    var maximumBytes = 64 << 20

    func read(_ path: String) throws -> [UInt8] {
        let resolved = try resolve(path, for: grants.read, "agent.fs.read", flag: "--allow-read")
        let file = open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileProblem(path, errno) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw FileProblem(path, errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw FileProblem("\(path): not a regular file") }
        guard info.st_size <= maximumBytes else {
            throw FileProblem("\(path): \(info.st_size) bytes; at most \(maximumBytes) can be read at once")
        }
        return try readAll(file, path, expecting: Int(info.st_size))
    }

    func list(_ path: String) throws -> [String] {
        let resolved = try resolve(path, for: grants.read, "agent.fs.list", flag: "--allow-read")
        guard let folder = opendir(resolved) else { throw FileProblem(path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            names.append(entry.pointee.d_type == UInt8(DT_DIR) ? name + "/" : name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func exists(_ path: String) throws -> Bool {
        access(try resolve(path, for: grants.read, "agent.fs.exists", flag: "--allow-read"), F_OK) == 0
    }

    /// Writes `bytes` to `path`: first beside it, then in its place, so that nobody sees half a file.
    func write(_ path: String, _ bytes: [UInt8]) throws {
        let target = try resolve(path, for: grants.write, "agent.fs.write", flag: "--allow-write")
        try AtomicFile.write(bytes, to: target, shownAs: path)
    }

    /// The real path of a regular file that may be read.
    func readable(_ path: String, _ operation: String) throws -> String {
        let resolved = try resolve(path, for: grants.read, operation, flag: "--allow-read")
        var info = stat()
        guard stat(resolved, &info) == 0 else { throw FileProblem(path, errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw FileProblem("\(path): not a regular file") }
        return resolved
    }

    /// The real path of a file or folder that may be written, be it there or not.
    func writable(_ path: String, _ operation: String) throws -> String {
        try resolve(path, for: grants.write, operation, flag: "--allow-write")
    }

    // MARK: - Resolving

    /// The real path of `path`, of which the end may not exist yet.
    ///
    /// - Throws: ``DeniedError`` outside the granted roots, whether or not something is there: that alone is a secret.
    func resolve(_ path: String, for scope: Grants.Scope, _ operation: String, flag: String) throws -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw FileProblem("a path must not be empty or hold a NUL byte")
        }
        let real = Self.canonical(path)
        if let real, Self.allows(real, scope) { return real }
        if real == nil, scope == .everything { throw FileProblem(path, ENOENT) }
        throw DeniedError(operation, path, flag: flag)
    }

    private static func allows(_ real: String, _ scope: Grants.Scope) -> Bool {
        switch scope {
        case .nothing: false
        case .everything: true
        case .only(let roots):
            roots.contains { root in
                guard let root = canonical(root) else { return false }
                return real == root || root == "/" || real.hasPrefix(root + "/")
            }
        }
    }

    /// `path` with all links and dots resolved as far as it exists, the rest as it is; `nil` when the rest goes up again.
    private static func canonical(_ path: String) -> String? {
        var existing = path
        var rest: [String] = []
        while true {
            if let real = realPath(existing) {
                return rest.isEmpty ? real : (real == "/" ? "" : real) + "/" + rest.reversed().joined(separator: "/")
            }
            guard existing != ".", existing != "/" else { return nil }
            let (folder, name) = split(existing)
            if name == ".." { return nil }
            if name != "." && name != "" { rest.append(name) }
            existing = folder
        }
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    private func readAll(_ file: Int32, _ path: String, expecting size: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileProblem(path, errno)
            }
            bytes += buffer[..<count]
            if bytes.count > maximumBytes { throw FileProblem("\(path): more than \(maximumBytes) bytes") }
        }
    }
}

/// A file that could not be read or written, in words a script can pass on.
package struct FileProblem: Error, CustomStringConvertible {
    package let description: String
    let number: Int32

    init(_ path: String, _ number: Int32) {
        self.number = number
        description = "\(path): \(String(cString: strerror(number)))"
    }

    init(_ description: String) {
        number = 0
        self.description = description
    }
}
