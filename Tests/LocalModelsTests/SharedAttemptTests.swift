// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import LocalModels

@Suite struct SharedAttemptTests {
    /// A door that opens once.
    private final class Gate: Sendable {
        private let pipe = AsyncStream<Void>.makeStream()
        func open() { pipe.continuation.finish() }
        func wait() async { for await _ in pipe.stream {} }
    }

    /// Runs tasks of which all but the first wait; the first goes on when the last of them has begun to.
    private func run(
        _ number: Int, _ body: @escaping @Sendable () async throws -> Int
    ) async -> (results: [Result<Int, any Error>], bodies: Int) {
        let (attempt, bodies, waiting, everybody) = (SharedAttempt<Int>(), Counter(), Counter(), Gate())
        let results = await withTaskGroup(of: Result<Int, any Error>.self) { group in
            for _ in 0..<number {
                group.addTask {
                    do {
                        return .success(
                            try await attempt.value {
                                if waiting.add() == number - 1 { everybody.open() }
                            } _: {
                                bodies.add()
                                await everybody.wait()
                                return try await body()
                            })
                    } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return (results, bodies.value)
    }

    @Test func fiftyTasksDoItOnce() async throws {
        let (results, bodies) = await run(50) { 7 }
        #expect(try results.map { try $0.get() } == [Int](repeating: 7, count: 50))
        #expect(bodies == 1)
    }

    @Test func aFailureIsEverybodys() async {
        let (results, bodies) = await run(20) { throw ModelError(.unavailable, "no network") }
        #expect(bodies == 1)
        for result in results { #expect(throws: ModelError.self) { try result.get() } }
    }

    @Test func anErrorOfTheListenerIsItsOwnOnly() async throws {
        struct Closed: Error {}
        let calls = Counter()
        let (results, bodies) = await run(3) {
            if calls.add() == 1 { throw Closed() }
            return 7
        }
        #expect(results.filter { (try? $0.get()) == 7 }.count == 2)
        #expect(bodies == 2)
    }

    @Test func theNextTakesOverFromACancelledOne() async throws {
        let (attempt, started, waits) = (SharedAttempt<Int>(), Gate(), Gate())
        let first = Task {
            try await attempt.value {
            } _: {
                started.open()
                await Gate().wait()  // until cancelled
                try Task.checkCancellation()
                return 1
            }
        }
        await started.wait()
        let second = Task {
            try await attempt.value {
                waits.open()
            } _: {
                2
            }
        }
        await waits.wait()
        first.cancel()
        #expect(try await second.value == 2)
        await #expect(throws: CancellationError.self) { try await first.value }
    }

    @Test func aCancelledWaiterLeavesTheOthersAlone() async throws {
        let (attempt, started, waits, goOn) = (SharedAttempt<Int>(), Gate(), Gate(), Gate())
        let first = Task {
            try await attempt.value {
            } _: {
                started.open()
                await goOn.wait()
                return 1
            }
        }
        await started.wait()
        let second = Task {
            try await attempt.value {
                waits.open()
            } _: {
                2
            }
        }
        await waits.wait()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        goOn.open()
        #expect(try await first.value == 1)
        #expect(
            try await attempt.value {
            } _: {
                3
            } == 3)
    }
}
