// SPDX-License-Identifier: Apache-2.0

/// Decides about an effect that had begun when a run was cut off, and of which nobody knows whether it happened.
public protocol DoubtResolver: Sendable {
    /// - Returns: whether it may be done again; `false` and the run stays as it is, to be resumed another time.
    func mayRunAgain(_ record: JournalRecord) async throws -> Bool
}

/// Nobody can be asked: nothing is done twice.
public struct UnresolvedDoubts: DoubtResolver {
    public init() {}
    public func mayRunAgain(_ record: JournalRecord) async throws -> Bool { false }
}
