// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

/// Where runs are recorded.
struct JournalOptions: ParsableArguments {
    @Option(
        name: .customLong("journal"),
        help: ArgumentHelp("Record the run in this file instead of the user's journal.", valueName: "file"))
    var file: String?
    @Flag(name: .customLong("no-journal"), help: "Record nothing: the run cannot be resumed, replayed or looked at.")
    var isOff = false

    func validate() throws {
        if file?.isEmpty == true { throw ValidationError("--journal: expected the name of a file, found an empty one") }
        if file != nil, isOff { throw ValidationError("--journal and --no-journal exclude each other") }
    }

    /// For commands that read what was recorded.
    ///
    /// - Throws: a usage error for `--no-journal`.
    func validateReading() throws {
        if isOff { throw ValidationError("--no-journal: what was not recorded cannot be run again") }
    }

    /// The runs of this user, or of the file.
    ///
    /// - Throws: ``ConfigurationError`` when nothing says where that is.
    func store() throws -> RunStore {
        if let file { return RunStore(path: file) }
        guard let folder = StateFolder.path else {
            throw ConfigurationError(
                "nothing says where runs are recorded: set HOME or XDG_STATE_HOME, or use --journal FILE or --no-journal"
            )
        }
        return RunStore(path: folder + "/runs.db")
    }
}

/// `$XDG_STATE_HOME/agent`, where this user's runs, answers and batches are.
enum StateFolder {
    /// `nil` when neither `XDG_STATE_HOME` nor `HOME` says where it is.
    static var path: String? {
        // XDG Base Directory Specification: a path that is not absolute is ignored.
        let state = environmentVariable("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environmentVariable("HOME").flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
        return (state ?? home).map { $0 + "/agent" }
    }
}
