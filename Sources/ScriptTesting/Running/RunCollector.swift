// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// Gathers what a run says on its way.
final class RunCollector: Sendable {
    private let run: Mutex<TaskRun>
    /// Bytes of output that are kept.
    private static let maximumBytes = 4 << 20

    init(_ run: TaskRun) { self.run = Mutex(run) }

    var collected: TaskRun { run.withLock(\.self) }

    func change(_ change: (inout TaskRun) -> Void) { run.withLock { change(&$0) } }

    /// Runs `body`, and keeps what it throws as how the run ended.
    ///
    /// - Throws: ``Misuse``, which is of the test; `CancellationError` when the task is cancelled.
    func notingFailure(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is CancellationError where Task.isCancelled {
            throw CancellationError()
        } catch let error as Misuse {
            throw error
        } catch {
            change { $0.failure = .init(error) }
        }
    }

    func see(_ event: RunEvent) {
        switch event {
        case .done(let result): run.withLock { $0.add(result) }
        case .failed(let error): run.withLock { $0.add(error) }
        default: break
        }
    }

    func print(_ bytes: [UInt8]) {
        run.withLock { run in
            run.printed += bytes.prefix(max(0, Self.maximumBytes - run.printed.count))
        }
    }

    func log(_ level: String, _ message: String, _ fields: JSONObject) {
        run.withLock { run in
            run.logs.append(["level": .string(level), "message": .string(message), "fields": .object(fields)])
        }
    }
}
