// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// `$XDG_STATE_HOME/agent/approvals.json`: the answers "always for this file" of this user.
///
/// The file is the user's alone (mode 0600) and replaced whole. One that others can write to, or that is not as it was written,
/// is refused rather than believed.
struct ApprovalStore: Sendable {
    struct Entry: Equatable {
        var key: ApprovalKey
        /// Seconds since 1970.
        var time: Int64
    }

    private static let version: Int64 = 1
    private static let limit = 1 << 20

    let path: String

    /// The store of this user; `nil` when neither `XDG_STATE_HOME` nor `HOME` says where it is.
    static var ofUser: ApprovalStore? {
        StateFolder.path.map { ApprovalStore(path: $0 + "/approvals.json") }
    }

    /// - Throws: ``ConfigurationError`` when there is a store that cannot be believed. Without one there are no entries.
    func entries() throws -> [Entry] {
        guard let bytes = try content() else { return [] }
        do {
            let value = try JSONValue(parsing: bytes)
            guard value["version"]?.integerValue == Self.version, let list = value["approvals"]?.arrayValue else {
                throw wrong("expected version \(Self.version) with a list of approvals")
            }
            return try list.map { value in
                guard let entry = Entry(value) else { throw wrong("an approval is not complete") }
                return entry
            }
        } catch let error as JSONError {
            throw wrong("\(error)")
        }
    }

    func contains(_ key: ApprovalKey) throws -> Bool { try key.isOfFile && entries().contains { $0.key == key } }

    /// Remembers `key`; what was remembered of the same tool of the same file before is replaced.
    func add(_ key: ApprovalKey) throws {
        try change { entries in
            entries.removeAll { $0.key.file == key.file && $0.key.tool == key.tool }
            entries.append(Entry(key: key, time: Int64(time(nil))))
        }
    }

    /// Forgets what is remembered of `file`, or everything. A store that cannot be believed is forgotten whole.
    ///
    /// - Returns: how many answers were forgotten.
    func clear(file: String?) throws -> Int {
        guard access(path, F_OK) == 0 else { return 0 }
        guard let file else {
            let count = (try? entries().count) ?? 0
            guard unlink(path) == 0 || errno == ENOENT else { throw failed() }
            return count
        }
        var count = 0
        try change { entries in
            let before = entries.count
            entries.removeAll { $0.key.file == file }
            count = before - entries.count
        }
        return count
    }

    // MARK: - The file

    private func content() throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { if errno == ENOENT { return nil } else { throw failed() } }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw failed() }
        guard info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid(), info.st_mode & 0o022 == 0 else {
            throw wrong("expected a file of yours that nobody else can write to")
        }
        guard info.st_size <= Self.limit else { throw wrong("longer than \(Self.limit >> 20) MiB") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= Self.limit {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { throw failed() }
        }
        throw wrong("longer than \(Self.limit >> 20) MiB")
    }

    /// Reads, changes and replaces the file while no other process of this user does.
    private func change(_ body: (inout [Entry]) -> Void) throws {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try makeFolder(folder)
        let lock = open(folder + "/approvals.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw failed() }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 { if errno != EINTR { throw failed() } }
        var entries = try entries()
        body(&entries)
        let value: JSONValue = [
            "version": .integer(Self.version), "approvals": .array(entries.map(\.json)),
        ]
        try replace(with: try value.serializedBytes(indent: 2) + [0x0A])
    }

    private func makeFolder(_ folder: String) throws {
        var place = ""
        for name in folder.split(separator: "/") {
            place += "/" + name
            guard mkdir(place, 0o700) == 0 || errno == EEXIST || access(place, F_OK) == 0 else { throw failed() }
        }
    }

    private func replace(with bytes: [UInt8]) throws {
        let temporary = path + ".\(UInt32.random(in: 0...UInt32.max)).tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failed() }
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { break }
            start += max(0, count)
        }
        let isWritten = start == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(temporary, path) == 0 else {
            let error = failed()
            unlink(temporary)
            throw error
        }
    }

    private func failed() -> ConfigurationError { wrong(String(cString: strerror(errno))) }
    private func wrong(_ what: String) -> ConfigurationError { ConfigurationError("\(path): \(what)") }
}

extension ApprovalStore.Entry {
    init?(_ value: JSONValue) {
        guard let file = value["file"]?.stringValue, let script = value["script_sha256"]?.stringValue,
            let tool = value["tool"]?.stringValue, let definition = value["definition_sha256"]?.stringValue,
            let time = value["time"]?.integerValue
        else { return nil }
        self.init(key: ApprovalKey(file: file, script: script, tool: tool, definition: definition), time: time)
    }

    var json: JSONValue {
        [
            "file": .string(key.file), "script_sha256": .string(key.script), "tool": .string(key.tool),
            "definition_sha256": .string(key.definition), "time": .integer(time),
        ]
    }
}
