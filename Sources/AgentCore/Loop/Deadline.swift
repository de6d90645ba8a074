// SPDX-License-Identifier: Apache-2.0

/// The time for an operation was up.
package struct DeadlineError: Error {}

/// Runs `operation` and cancels it when it takes longer than `limit`.
///
/// - Parameter limit: `nil` for no limit, which costs nothing.
/// - Throws: ``DeadlineError`` once the operation has ended after its time was up; else what the operation throws.
package func withDeadline<Value: Sendable>(
    _ limit: Duration?, clock: any Clock<Duration>, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard let limit else { return try await operation() }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await clock.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw DeadlineError() }
        return value
    }
}
