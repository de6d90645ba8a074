// SPDX-License-Identifier: Apache-2.0

/// Where the records of one run are kept.
///
/// Calls come in order. What is not awaited durably may still be on its way when the process dies; what is kept is always a
/// beginning of what was told.
public protocol RunJournal: Sendable {
    /// Keeps a record that begins, or, when it has an outcome, one that is over.
    ///
    /// - Parameter durability: how sure it must be before this returns.
    /// - Throws: ``JournalError`` when it cannot be kept; the run must not go on then.
    func begin(_ record: JournalRecord, durability: JournalDurability) async throws

    /// Keeps what came of the record `number`, and the schedule since the last call of either.
    func end(_ record: JournalRecord, schedule: [ScheduleStep], durability: JournalDurability) async throws

    /// Keeps how the run stands, and waits until everything is kept.
    func update(_ info: RunInfo) async throws
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
