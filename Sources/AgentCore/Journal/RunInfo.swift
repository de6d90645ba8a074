// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What is known of a run beside its records.
public struct RunInfo: Sendable, Equatable {
    /// The form in which runs are kept; one of another form is refused.
    public static let currentFormat = 1

    /// How a run stands. An open set.
    public struct Status: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// It goes on, or the process that ran it was ended from outside.
        public static let running = Status(rawValue: "running")
        public static let done = Status(rawValue: "done")
        public static let failed = Status(rawValue: "failed")
        /// It waits for an approval, or for the result of a deferred tool.
        public static let paused = Status(rawValue: "paused")
        /// Ctrl-C or SIGTERM.
        public static let interrupted = Status(rawValue: "interrupted")
    }

    /// Letters and digits; ids of later runs come later in the order of their bytes.
    public var id: String
    public var format = RunInfo.currentFormat
    /// The version of `agent` that ran it.
    public var version = ""
    /// What was run: `run`, `ask`, `chat`, … or a word of the host's.
    public var command = ""
    /// The words behind the command, without secrets.
    public var arguments: [String] = []
    /// The folder in which it ran.
    public var folder = ""
    /// The script as it was named; `nil` when there was none.
    public var script: String?
    /// The text of the script, and of the tool library's files it loaded, is known by its SHA-256 in hexadecimal digits.
    public var scriptDigest: String?
    public var source: String?
    /// What came in by standard input as the prompt; `nil` when nothing did.
    public var input: String?
    /// The run it was forked from, and the first record that is its own.
    public var parent: String?
    public var forkedAt: Int?
    /// The conversation it is a part of.
    public var session: String?
    /// Where random numbers of the script begin.
    public var seed: Int64 = 0
    /// Microseconds since 1970.
    public var began: Int64 = 0
    public var ended: Int64?
    public var status = Status.running
    /// The exit code of the command.
    public var exitCode: Int?
    /// Why it did not end well, without secrets.
    public var message: String?
    /// What it answered: the text, or the value it returned.
    public var output: JSONValue?
    /// Which models stood behind the names that were asked for.
    public var models: [NotedModel] = []
    /// The model that answered last.
    public var model: String?
    public var usage = Usage()
    /// `nil` when it is not known.
    public var cost: Dollars?
    public var turns = 0
    public var toolCalls = 0

    public init(id: String) { self.id = id }
}

/// A run with all of its records.
public struct RecordedRun: Sendable, Equatable {
    public var info: RunInfo
    /// By their numbers.
    public var records: [JournalRecord]
    /// The lines of execution of the script in the order in which they went on, each with how often in a row it did.
    public var schedule: [ScheduleStep]

    public init(info: RunInfo, records: [JournalRecord], schedule: [ScheduleStep] = []) {
        self.info = info
        self.records = records
        self.schedule = schedule
    }
}

/// A line of execution went on, `count` times in a row.
public struct ScheduleStep: Sendable, Equatable {
    public var path: JournalPath
    public var count: Int

    public init(_ path: JournalPath, count: Int = 1) {
        self.path = path
        self.count = count
    }
}
