// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The programs that were granted, found once: what a script does to its surroundings cannot put another in the place of one.
struct GrantedPrograms: Sendable {
    /// `PATH` when the grants were made, without what is relative.
    let searchPath: String
    private let scope: Grants.Scope
    /// By the names of the grants; those that were found.
    private let paths: [String: String]
    private let base: PathParts

    init(_ scope: Grants.Scope, searchPath: String? = nil, base: PathParts = .current) {
        let wanted = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let folders = wanted.split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
        self.scope = scope
        self.searchPath = folders.joined(separator: ":")
        self.base = base
        paths = scope.entries.reduce(into: [:]) { paths, name in
            paths[name] = Self.find(name, in: folders, from: base)
        }
    }

    private static func find(_ name: String, in folders: [String], from base: PathParts) -> String? {
        if name.contains("/") {
            let path = PathParts(name, from: base).text
            return isProgram(path) ? path : nil
        }
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0) else { return nil }
        return folders.lazy.map { "\($0)/\(name)" }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Whether both names mean one program: they are equal, or paths to the same place.
    func isSame(_ one: String, _ other: String) -> Bool { one == other || absolute(one) == absolute(other) }

    private func absolute(_ name: String) -> String {
        name.contains("/") ? PathParts(name, from: base).text : paths[name] ?? name
    }

    func allows(_ name: String) -> Bool {
        guard !name.isEmpty, !name.utf8.contains(0) else { return false }
        return scope.contains { isSame($0, name) }
    }

    /// - Throws: ``FileProblem`` when there is no such program.
    func path(_ name: String) throws(FileProblem) -> String {
        let folders = searchPath.split(separator: ":").map(String.init)
        guard let path = paths[name] ?? Self.find(name, in: folders, from: base) else {
            throw FileProblem("\(name): no such program")
        }
        return path
    }
}
