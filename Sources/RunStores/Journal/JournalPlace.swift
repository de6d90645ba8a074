// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import Dispatch
import GRDB
import Synchronization

/// Where a journal is, opened when it is first needed, with the runs that this process has in hand.
package final class JournalPlace: Sendable {
    package let path: String
    private struct State {
        var database: JournalDatabase?
        var locks: RunLocks?
    }

    private let state = Mutex(State())

    package init(path: String) { self.path = path }

    /// - Throws: ``JournalError``.
    package func opened(makes: Bool = true) throws(JournalError) -> JournalDatabase {
        let result: Result<JournalDatabase, JournalError> = state.withLock { state in
            if let database = state.database { return .success(database) }
            do throws(JournalError) {
                let database = try JournalDatabase(path: path, makes: makes)
                state.database = database
                return .success(database)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Opens a journal that is there already, beside whatever is done until the first record. One that cannot be opened is told of then.
    func openAhead() {
        DispatchQueue.global().async { [self] in
            guard let database = try? opened(makes: false) else { return }
            try? database.queue.writeWithoutTransaction { _ = try JournalStatements($0) }
        }
    }

    /// Lets `body` write, soon and on another thread.
    func write(_ body: @escaping @Sendable (Database) -> Void, failed: @escaping @Sendable (JournalError) -> Void) {
        do {
            try opened().queue.asyncWriteWithoutTransaction { body($0) }
        } catch {
            failed(error)
        }
    }

    /// Writes in a transaction that is on the disk when this returns.
    ///
    /// - Throws: ``JournalError``.
    func synced<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let database = try opened()
        do {
            return try database.queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else { throw JournalError(.storage, "nothing was written") }
                return value
            }
        } catch {
            throw self.error(error)
        }
    }

    func error(_ error: any Error) -> JournalError { JournalDatabase.error(error, path) }

    // MARK: - Runs in hand

    /// Tells other processes that this one has the run in hand, for as long as it lives. Holding it again changes nothing.
    ///
    /// - Returns: whether no other process has it.
    @discardableResult
    func hold(_ run: Int64) -> Bool {
        state.withLock { state in
            if state.locks == nil { state.locks = RunLocks(beside: path) }
            return state.locks?.hold(run) ?? false
        }
    }

    /// Whether some process, this one included, has the run in hand.
    package func isHeld(_ run: Int64) -> Bool {
        state.withLock { state in
            if state.locks == nil { state.locks = RunLocks(beside: path) }
            return state.locks?.isHeld(run) ?? false
        }
    }
}
