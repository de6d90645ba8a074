// SPDX-License-Identifier: Apache-2.0

import GRDB
import Synchronization

/// Something that is to be written into the file of a batch.
enum BatchChange: Sendable {
    /// The result of an item. What it had done is forgotten with the same commit, unless it `keepsRun`.
    case result(BatchStore.Line, keepsRun: Bool)
    /// What is known of the run of an item.
    case info(item: Int, String)
    /// Lines of an item, from a place on.
    case steps(item: Int, from: Int, [String])
}

/// What the next transaction writes, and who waits for it.
struct BatchQueue {
    var changes: [BatchChange] = []
    var waiters: [CheckedContinuation<Void, any Error>] = []
    /// Whether what waits must survive a loss of power.
    var isSynced = false
    var isWriting = false
    /// Why something that nobody waited for is not kept.
    var failure: (any Error)?

    var isEmpty: Bool { changes.isEmpty && waiters.isEmpty }
}

extension BatchStore {
    /// Records the result of an item, and forgets what it had done. Results that come while a transaction is being written share
    /// the next one. It is done even when the task is cancelled meanwhile: what was paid for is kept.
    ///
    /// - Throws: ``BatchStoreError``, also when the item has a result.
    package func record(_ line: Line) async throws {
        try await withCheckedThrowingContinuation { continuation in
            add([.result(line, keepsRun: false)], isSynced: true, continuation)
        }
    }

    /// Writes `changes` with the next transaction, in the order of the calls.
    func add(_ changes: [BatchChange], isSynced: Bool, _ waiter: CheckedContinuation<Void, any Error>? = nil) {
        let (failure, mustBegin) = queue.withLock { queue -> ((any Error)?, Bool) in
            if let failure = queue.failure { return (failure, false) }
            queue.changes += changes
            if let waiter { queue.waiters.append(waiter) }
            queue.isSynced = queue.isSynced || isSynced
            defer { queue.isWriting = true }
            return (nil, !queue.isWriting)
        }
        if let failure { waiter?.resume(throwing: failure) }
        if mustBegin { database.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    /// Takes nothing more: something that was told could not be kept.
    func fail(_ error: any Error) { queue.withLock { $0.failure = $0.failure ?? error } }

    // MARK: - On the queue of the database

    private func drain(_ database: Database) {
        while true {
            let due = queue.withLock { queue in
                let due = queue
                (queue.changes, queue.waiters, queue.isSynced) = ([], [], false)
                if due.isEmpty { queue.isWriting = false }
                return due
            }
            if due.isEmpty { return }
            do {
                try Self.write(due, database)
                for waiter in due.waiters { waiter.resume() }
            } catch {
                let told = Self.error(error, path)
                // A second result is a mistake of its own; a step that is lost would make what comes later a lie.
                let hasSteps = due.changes.contains { if case .result = $0 { false } else { true } }
                if hasSteps { fail(told) }
                for waiter in due.waiters { waiter.resume(throwing: told) }
            }
        }
    }

    private static func write(_ due: BatchQueue, _ database: Database) throws {
        if !due.isSynced { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
        defer { if !due.isSynced { try? database.execute(sql: "PRAGMA synchronous = FULL") } }
        try database.inTransaction(.immediate) {
            for change in due.changes { try write(change, database) }
            return .commit
        }
    }

    static func write(_ change: BatchChange, _ database: Database) throws {
        switch change {
        case .result(let line, let keepsRun):
            try database.cachedStatement(sql: "INSERT INTO results (item, is_error, line) VALUES (?, ?, ?)")
                .execute(arguments: [line.item, line.isError, line.text])
            try database.cachedStatement(sql: "DELETE FROM questions WHERE item = ?").execute(arguments: [line.item])
            if !keepsRun { try forget(line.item, database) }
        case .info(let item, let info):
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO runs (item, info) VALUES (?, ?)")
                .execute(arguments: [item, info])
        case .steps(let item, let first, let lines):
            let statement = try database.cachedStatement(sql: "INSERT INTO steps (item, place, line) VALUES (?, ?, ?)")
            for (place, line) in lines.enumerated() { try statement.execute(arguments: [item, first + place, line]) }
        }
    }

    static func forget(_ item: Int, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM steps WHERE item = ?").execute(arguments: [item])
        try database.cachedStatement(sql: "DELETE FROM runs WHERE item = ?").execute(arguments: [item])
    }
}
