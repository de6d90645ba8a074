// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An absolute path by its parts, without empty ones and `.`.
struct PathParts: Sendable, Equatable {
    var names: [Substring]

    init(_ names: [Substring]) { self.names = names }

    /// - Parameter base: where a relative path starts: a folder without links, so that leading `..` can be taken off it.
    init(_ path: String, from base: PathParts) {
        var parts = path.split(separator: "/").filter { $0 != "." }[...]
        var names = path.hasPrefix("/") ? [] : base.names
        while parts.first == ".." {
            parts.removeFirst()
            _ = names.popLast()
        }
        self.names = names + parts
    }

    /// The current folder of the process.
    static var current: PathParts {
        guard let folder = getcwd(nil, 0) else { return PathParts([]) }
        defer { free(folder) }
        return PathParts(String(cString: folder).split(separator: "/"))
    }

    /// What comes after `root`; `nil` when this path does not begin with it.
    func remainder(after root: PathParts) -> [Substring]? {
        names.count >= root.names.count
            && zip(names, root.names).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
            ? Array(names.dropFirst(root.names.count)) : nil
    }

    var goesUp: Bool { names.contains("..") }

    /// Each `..` taken for the way back from the name before it, which it is unless that is a link.
    var cleaned: PathParts {
        PathParts(
            names.reduce(into: []) { kept, name in if name == ".." { _ = kept.popLast() } else { kept.append(name) } })
    }

    var text: String { "/" + names.joined(separator: "/") }
}

extension [Substring] {
    /// As a path from a folder; `.` for the folder itself.
    var relativePath: String { isEmpty ? "." : joined(separator: "/") }
}
