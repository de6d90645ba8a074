// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Synchronization

/// A journal whose process dies: after so many calls nothing more is kept, and whoever calls is told so.
final class DyingJournal: RunJournal {
    static let death = JournalError(.storage, "the process has died")

    private let kept: MemoryJournal
    private let left: Mutex<Int>

    init(_ kept: MemoryJournal, after calls: Int) {
        self.kept = kept
        left = Mutex(calls)
    }

    private func live() throws {
        let isAlive = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if !isAlive { throw Self.death }
    }

    /// Whether it died.
    var isDead: Bool { left.withLock { $0 < 0 } }

    func note(_ info: RunInfo) {}

    func begin(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
        try live()
        try await kept.begin(record, schedule: schedule, durability: durability)
    }

    func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
        try live()
        try await kept.end(record, schedule: schedule, durability: durability)
    }

    func update(_ info: RunInfo) async throws { try await kept.update(info) }

    func claim(_ claim: OnceClaim) async throws -> OnceState {
        try live()
        return try await kept.claim(claim)
    }

    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        try live()
        try await kept.settle(claim, result)
    }
}
