// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What answers a script in place of the world: the clock, and the files. Grants and needs hold as they do for the real ones.
package final class FakeWorld: Sendable {
    private struct State {
        var now: Double?
        /// By their paths; `nil` for one that may be written and is not there yet.
        var files: [String: [UInt8]?]?
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - now: seconds since 1970 at which the clock stands, until somebody sleeps; `nil` and the clock is the real one.
    ///   - files: all the files there are, by the paths that scripts use; `nil` and the files are the real ones.
    package init(now: Double? = nil, files: [String: [UInt8]?]? = nil) {
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
