// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// Where what is kept of a batch is: `$XDG_STATE_HOME/agent/batches/`, a file for each pair of input and task.
enum BatchPlace {
    /// The file of the batch of these files, by their paths, so that what changed in them is noticed. Makes its folder.
    ///
    /// - Throws: ``ConfigurationError`` when there is no place for it.
    static func file(input: String, task: String) throws -> String {
        // XDG Base Directory Specification: a path that is not absolute is ignored.
        let state = environmentVariable("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environmentVariable("HOME").flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
        guard let base = state ?? home else {
            throw ConfigurationError(
                "neither XDG_STATE_HOME nor HOME says where to keep the batch; name it with --state")
        }
        let folder = base + "/agent/batches"
        try makeFolder(folder)
        let key = SHA256.digest(Array("\(real(input))\0\(real(task))".utf8)).hexadecimal.prefix(32)
        return "\(folder)/\(key).sqlite"
    }

    private static func real(_ path: String) -> String {
        guard let place = realpath(path, nil) else { return path }
        defer { free(place) }
        return String(cString: place)
    }

    private static func makeFolder(_ path: String) throws {
        var place = ""
        for part in path.split(separator: "/") {
            place += "/\(part)"
            guard mkdir(place, 0o700) == 0 || errno == EEXIST || access(place, F_OK) == 0 else {
                throw ConfigurationError("\(place): \(String(cString: strerror(errno)))")
            }
        }
    }
}
