// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds the test files beneath folders: those whose names end in `_test.lua`.
package enum TestFinder {
    package static let suffix = "_test.lua"

    /// What could not be looked into.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// The test files of `paths`, each once, in the order of the paths and below that of their bytes.
    ///
    /// - Parameter paths: files, whatever their names are, and folders, which are looked through without hidden folders and without
    ///   following links.
    /// - Throws: ``Problem`` for a path that is not there.
    package static func files(_ paths: [String]) throws(Problem) -> [String] {
        var found: [String] = []
        for path in paths {
            var info = stat()
            guard stat(path, &info) == 0 else {
                throw Problem(description: "\(path): \(String(cString: strerror(errno)))")
            }
            if info.st_mode & S_IFMT != S_IFDIR {
                found.append(path)
            } else {
                try look(into: path, &found)
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert(real($0)).inserted }
    }

    private static func look(into folder: String, _ found: inout [String]) throws(Problem) {
        var folders: [String] = []
        for (name, isFolder) in try entries(of: folder) where !name.hasPrefix(".") {
            let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
            if isFolder {
                folders.append(path)
            } else if name.hasSuffix(suffix) {
                found.append(path)
            }
        }
        for folder in folders { try look(into: folder, &found) }
    }

    private static func entries(of path: String) throws(Problem) -> [(name: String, isFolder: Bool)] {
        guard let folder = opendir(path) else {
            throw Problem(description: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { closedir(folder) }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            var info = stat()
            guard lstat(path + "/" + name, &info) == 0 else { continue }
            let kind = info.st_mode & S_IFMT
            if kind == S_IFDIR || kind == S_IFREG { entries.append((name, kind == S_IFDIR)) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The path without links; `path` itself when there is none.
    package static func real(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
