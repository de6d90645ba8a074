// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import Glibc

/// How an index names documents: from the folder it belongs to, so that both may move together; by the whole path
/// outside of it.
struct IndexPaths: Sendable {
    /// The folder that holds `.agent/index.db`, or the index itself under any other name.
    let base: String

    /// - Parameter index: the index's file, absolute and without links.
    init(index: String) {
        let folder = Self.parent(index)
        base = folder.hasSuffix("/.agent") ? Self.parent(folder) : folder
    }

    func stored(_ absolute: String) -> String { Self.path(absolute, from: base) ?? absolute }

    /// What a person reads: from the current folder if it lies beneath it.
    func shown(_ stored: String) -> String {
        let absolute = absolute(stored)
        guard let current = Self.current else { return absolute }
        return Self.path(absolute, from: current) ?? absolute
    }

    func absolute(_ stored: String) -> String {
        stored.hasPrefix("/") ? stored : base == "/" ? "/" + stored : base + "/" + stored
    }

    /// The condition on `documents.path` for what lies at `absolute` or beneath it.
    func condition(beneath absolute: String) -> (sql: String, arguments: StatementArguments) {
        let whole = Self.range(absolute)
        if absolute == base || Self.path(base, from: absolute) != nil || absolute == "/" {
            return ("(\(whole.sql) OR substr(path, 1, 1) <> '/')", whole.arguments)
        }
        guard let relative = Self.path(absolute, from: base) else { return whole }
        let inner = Self.range(relative)
        return ("(\(whole.sql) OR \(inner.sql))", whole.arguments + inner.arguments)
    }

    private static func range(_ path: String) -> (sql: String, arguments: StatementArguments) {
        let folder = path == "/" ? path : path + "/"
        // '0' comes after '/' in ASCII.
        return ("(path = ? OR (path >= ? AND path < ?))", [path, folder, folder.dropLast() + "0"])
    }

    /// `path` from `folder`; `nil` when it does not lie beneath it.
    private static func path(_ path: String, from folder: String) -> String? {
        let start = folder == "/" ? folder : folder + "/"
        return path.utf8.starts(with: start.utf8) && path != start ? String(path.dropFirst(start.count)) : nil
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static var current: String? {
        guard let folder = getcwd(nil, 0) else { return nil }
        defer { free(folder) }
        return String(cString: folder)
    }

    // MARK: - Real paths

    /// `path` without links and dots as far as it exists, the rest as it is.
    ///
    /// - Throws: ``IndexError/Code/argument`` for an empty path, and for one that goes up from what does not exist.
    static func real(_ path: String) throws(IndexError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw IndexError(.argument, "a path must not be empty or hold a NUL byte")
        }
        var existing = path
        var rest: [String] = []
        while true {
            if let real = realpath(existing, nil) {
                defer { free(real) }
                let start = String(cString: real)
                return rest.isEmpty ? start : (start == "/" ? "" : start) + "/" + rest.reversed().joined(separator: "/")
            }
            let slash = existing.lastIndex(of: "/")
            let name = slash.map { String(existing[existing.index(after: $0)...]) } ?? existing
            guard name != "..", existing != "/" else {
                throw IndexError(.argument, "\(path): goes up from a folder that does not exist")
            }
            if name != "." && name != "" { rest.append(name) }
            existing = slash.map { $0 == existing.startIndex ? "/" : String(existing[..<$0]) } ?? "."
        }
    }
}
