// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Where the records of one run are kept.
///
/// Calls come in order. What is not awaited durably may still be on its way when the process dies; what is kept is always a
/// beginning of what was told.
public protocol RunJournal: Sendable {
    /// Learns what is known of the run by now; it is kept with whatever is kept next.
    func note(_ info: RunInfo)

    /// Keeps a record that begins, or, when it has an outcome, one that is over, and the schedule since the last call.
    ///
    /// - Parameters:
    ///   - schedule: gives the schedule since it was last asked. Lines call side by side, and their schedules are kept in the order in
    ///     which they were asked for: it is asked once, under the lock that puts the calls into an order.
    ///   - durability: how sure it must be before this returns.
    /// - Throws: ``JournalError`` when it cannot be kept; the run must not go on then.
    func begin(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws

    /// Keeps what came of the record `number`, and the schedule since the last call of either.
    func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws

    /// Keeps how the run stands, and waits until everything is kept.
    func update(_ info: RunInfo) async throws

    /// Takes the key of a call that runs at most once for it, before it runs, durably as ``JournalDurability/synced``.
    func claim(_ claim: OnceClaim) async throws -> OnceState

    /// Keeps the result of a call that has a key, or, without one, gives the key back.
    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws
}

/// Gives the order in which lines went on since it was last asked.
public typealias ScheduleSource = @Sendable () -> [ScheduleStep]

/// A call that wants to be the only one for its key.
public struct OnceClaim: Sendable, Hashable {
    public var tool: String
    public var key: String
    /// The number of the call's record in its run.
    public var record: Int

    public init(tool: String, key: String, record: Int) {
        self.tool = tool
        self.key = key
        self.record = record
    }
}

/// How the key of a call stands.
public enum OnceState: Sendable, Equatable {
    /// Nobody had it; now the call has.
    case free
    /// The call had it before its run was cut off; with its result when it had come to an end.
    case own(JSONValue?)
    /// Another call has had it, with this result.
    case done(JSONValue)
    /// Another call has it, in the run of this id, and has not come to an end.
    case held(run: String)
}

/// How sure it must be that a record is kept before the run goes on.
public enum JournalDurability: Sendable {
    /// It will be written soon.
    case queued
    /// It survives the end of this process.
    case written
    /// It survives the loss of power.
    case synced
}

/// Why a run cannot be recorded, resumed or replayed.
public struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The place of the journal cannot be read or written: full, read-only, broken.
        public static let storage = Code(rawValue: "storage")
        /// It is not a journal, or one of another version.
        public static let format = Code(rawValue: "format")
        public static let notFound = Code(rawValue: "not_found")
        /// Another process has the run in hand.
        public static let busy = Code(rawValue: "busy")
        /// What is asked is not what was recorded.
        public static let divergence = Code(rawValue: "divergence")
        /// The recording has no answer, and nothing may be asked live.
        public static let missing = Code(rawValue: "missing")
        /// Whether an effect happened before a crash is not known.
        public static let doubt = Code(rawValue: "doubt")
    }

    public var code: Code
    public var message: String
    /// The number of the record that it is about.
    public var record: Int?

    public init(_ code: Code, _ message: String, record: Int? = nil) {
        self.code = code
        self.message = message
        self.record = record
    }

    public var description: String { message }
}
