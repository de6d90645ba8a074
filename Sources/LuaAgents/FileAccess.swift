// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files as scripts see them: beneath the granted roots, and only regular ones.
struct FileAccess: Sendable {
    let readable: GrantedRoots
    let writable: GrantedRoots
    /// Bytes that one read may return.
    var maximumBytes = 64 << 20
    /// Bytes that one write may have.
    var maximumWriteBytes = 32 << 20

    init(grants: Grants, opening: PathOpening = .best) {
        readable = GrantedRoots(
            grants.read, .read, includesSpecialFiles: grants.isUnrestricted, opening: opening)
        writable = GrantedRoots(
            grants.write, .write, includesSpecialFiles: grants.isUnrestricted, opening: opening)
    }

    init(readable: GrantedRoots, writable: GrantedRoots) {
        self.readable = readable
        self.writable = writable
    }

    func read(_ path: String) throws -> [UInt8] {
        let file = try readable.openFile(path, "agent.fs.read")
        let size = try file.info(shownAs: path).st_size
        guard size <= maximumBytes else {
            throw FileProblem("\(path): \(size) bytes; at most \(maximumBytes) can be read at once")
        }
        return try readAll(file.number, path, expecting: Int(size))
    }

    func list(_ path: String) throws -> [String] {
        let opened = try readable.open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, "agent.fs.list")
        let number = fcntl(opened.number, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw FileProblem(path, errno) }
        guard let folder = fdopendir(number) else {
            close(number)
            throw FileProblem(path, errno)
        }
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
        do {
            _ = try readable.open(path, pathOnly, "agent.fs.exists")
            return true
        } catch is FileProblem {
            return false
        }
    }

    /// Writes `bytes` to `path`: first beside it, then in its place, so that nobody sees half a file.
    func write(_ path: String, _ bytes: [UInt8], _ operation: String = "agent.fs.write") throws {
        let place = try writable.place(path, operation)
        guard bytes.count <= maximumWriteBytes else {
            throw FileProblem("\(path): \(bytes.count) bytes; at most \(maximumWriteBytes) can be written at once")
        }
        try AtomicFile.write(bytes, to: place)
    }

    /// A regular file that may be read, for those who open it by a path.
    func pinned(_ path: String, _ operation: String) throws -> PinnedFile {
        try PinnedFile(try readable.openFile(path, operation), shownAs: path)
    }

    /// The path without links of a folder that may be read or written.
    func folder(_ path: String, _ operation: String) throws -> String {
        let opened: OpenDescriptor
        do {
            opened = try readable.open(path, pathOnly | O_DIRECTORY, operation)
        } catch let denial as DeniedError {
            guard let found = try? writable.open(path, pathOnly | O_DIRECTORY, operation) else { throw denial }
            opened = found
        }
        guard let real = opened.path else { throw FileProblem(path, ENOENT) }
        return real
    }

    /// Makes the folder `path` unless it is there. The folder above it must be.
    func makeFolder(_ path: String, _ operation: String) throws {
        do {
            _ = try writable.open(path, pathOnly | O_DIRECTORY, operation)
        } catch let problem as FileProblem where problem.number == ENOENT {
            try writable.place(path, operation).makeFolder()
        }
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
