// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What answers a script in place of the world: the clock, and the files. Grants and needs hold as they do for the real ones.
package final class FakeWorld: Sendable {
    private struct State {
        var now: Double?
        /// By their paths; `nil` for one that may be written and is not there yet.
        var files: [String: [UInt8]?]?
    }

    /// How a program ended.
    package struct ProgramEnding: Sendable {
        package var status: Int
        package var output: [UInt8]
        package var errors: [UInt8]

        package init(status: Int, output: [UInt8], errors: [UInt8]) {
            (self.status, self.output, self.errors) = (status, output, errors)
        }
    }

    private let state: Mutex<State>
    /// What comes of a program, given its words and its input; `nil` for one that is not there.
    let program: (@Sendable ([String], [UInt8]) throws -> ProgramEnding?)?
    /// Whether indexes of documents are made up: they are in no file.
    let hasIndexes: Bool

    /// - Parameters:
    ///   - now: seconds since 1970 at which the clock stands, until somebody sleeps; `nil` and the clock is the real one.
    ///   - files: all the files there are, by the paths that scripts use; `nil` and the files are the real ones.
    ///   - program: runs programs; `nil` and the real ones are run.
    ///   - hasIndexes: whether the indexes of the environment are made up.
    package init(
        now: Double? = nil, files: [String: [UInt8]?]? = nil,
        program: (@Sendable ([String], [UInt8]) throws -> ProgramEnding?)? = nil, hasIndexes: Bool = false
    ) {
        self.program = program
        self.hasIndexes = hasIndexes
        let cleaned = files.map { files in
            Dictionary(files.map { (Self.cleaned($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        }
        state = Mutex(State(now: now, files: cleaned))
    }

    /// Seconds since 1970; `nil` when the clock is the real one.
    package var now: Double? { state.withLock(\.now) }

    /// - Returns: whether the clock is a fake one, which has been moved.
    func sleep(_ seconds: Double) -> Bool {
        state.withLock { state in
            guard let now = state.now else { return false }
            state.now = now + seconds
            return true
        }
    }

    var hasFiles: Bool { state.withLock { $0.files != nil } }

    /// The files that there are now.
    package var files: [(path: String, bytes: [UInt8])] {
        let files = state.withLock(\.files) ?? [:]
        return files.compactMap { path, bytes in bytes.map { (path, $0) } }.sorted { $0.path < $1.path }
    }

    func read(_ path: String) -> [UInt8]? {
        state.withLock { $0.files?[Self.cleaned(path)] ?? nil }
    }

    func write(_ path: String, _ bytes: [UInt8]) {
        state.withLock { _ = $0.files?.updateValue(bytes, forKey: Self.cleaned(path)) }
    }

    /// The names in `folder`, those of folders with a `/` behind them; `nil` when there is no such folder.
    func list(_ folder: String) -> [String]? {
        let start = Self.cleaned(folder)
        var names: Set<String> = []
        for (path, _) in files where start == "." ? !path.hasPrefix("/") : path.hasPrefix(start + "/") {
            let rest = start == "." ? path[...] : path.dropFirst(start.count + 1)
            let name = rest.prefix { $0 != "/" }
            names.insert(name.count < rest.count ? name + "/" : String(name))
        }
        if names.isEmpty, start != "." { return nil }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// `./a//b` is `a/b`.
    private static func cleaned(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        if path.hasPrefix("/") { return "/" + parts.joined(separator: "/") }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
