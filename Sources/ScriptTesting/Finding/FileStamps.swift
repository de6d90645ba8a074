// SPDX-License-Identifier: Apache-2.0

import Glibc

/// When the files beneath some folders were last written, to see which have changed since.
package struct FileStamps: Sendable, Equatable {
    private struct Stamp: Sendable, Equatable {
        let seconds: Int
        let nanoseconds: Int
        let bytes: Int
    }

    private var stamps: [String: Stamp] = [:]
    /// Beyond this many files nothing more is looked at.
    private static let limit = 50_000

    /// - Parameters:
    ///   - folders: absolute paths; hidden folders in them are left out.
    ///   - files: looked at as well, wherever they are.
    package init(of folders: [String], and files: [String] = []) {
        for folder in folders { look(into: folder) }
        for file in files { look(at: file) }
    }

    /// Looks at these files as well, unless they were looked at before.
    package mutating func include(_ files: [String]) {
        for file in files where stamps[file] == nil { look(at: file) }
    }

    /// The files that are new, gone, or written anew, in the order of their paths.
    package func changes(since old: FileStamps) -> [String] {
        let paths = Set(stamps.keys).union(old.stamps.keys)
        return paths.filter { stamps[$0] != old.stamps[$0] }.sorted()
    }

    private mutating func look(into folder: String) {
        guard let handle = opendir(folder) else { return }
        defer { closedir(handle) }
        while let entry = readdir(handle), stamps.count < Self.limit {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Editors write beside a file and rename: hidden names and backups are no change.
            if name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".tmp") { continue }
            let path = folder == "/" ? "/" + name : folder + "/" + name
            look(at: path)
        }
    }

    private mutating func look(at path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: look(into: path)
        case S_IFREG:
            stamps[path] = Stamp(
                seconds: info.st_mtim.tv_sec, nanoseconds: info.st_mtim.tv_nsec, bytes: Int(info.st_size))
        default: break
        }
    }
}

/// Which test files hang on which files.
package struct TestDependencies: Sendable {
    /// By the real path of a test file: what its tests have run and replayed, as real paths.
    private var used: [String: Set<String>] = [:]

    package init() {}

    package mutating func note(_ file: TestFile, uses paths: [String]) {
        used[TestFinder.real(file.path), default: []].formUnion(paths.map(TestFinder.real))
    }

    /// All that tests have used.
    package var files: [String] { used.values.reduce(into: Set<String>()) { $0.formUnion($1) }.sorted() }

    /// The test files to run again after `changes`: those that were changed themselves, and those that use what was; for a file that none
    /// is known to use, all whose folder, or a folder above it, holds it.
    package func affected(by changes: [String], among files: [TestFile]) -> [TestFile] {
        let known = Set(self.files)
        return files.filter { file in
            let own = TestFinder.real(file.path)
            return changes.contains { change in
                if change == own || used[own]?.contains(change) == true { return true }
                if known.contains(change) || change.hasSuffix(TestFinder.suffix) { return false }
                return change.hasPrefix(file.folder + "/")
            }
        }
    }
}
