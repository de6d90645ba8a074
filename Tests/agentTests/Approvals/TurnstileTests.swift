// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import agent

/// How many are in a room, were at most, and came in all.
private final class Room: Sendable {
    let state = Mutex((now: 0, most: 0, all: 0))

    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
            state.all += 1
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }
}

@Suite struct TurnstileTests {
    @Test func letsOneInAtATime() async throws {
        let turnstile = Turnstile()
        let room = Room()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await turnstile.alone {
                        room.enter()
                        await Task.yield()
                        room.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        let (now, most, all) = room.state.withLock { $0 }
        #expect((now, most, all) == (0, 1, 200))
    }

    @Test func whoeverIsCancelledLeavesTheLine() async throws {
        let turnstile = Turnstile()
        let room = Room()
        try await turnstile.alone {
            let waiting = Task { try await turnstile.alone { room.enter() } }
            while turnstile.count == 0 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(turnstile.count == 0)
        }
        let count = room.state.withLock { $0.all }
        #expect(count == 0)
        let next = try await turnstile.alone { 1 }
        #expect(next == 1, "the line goes on")
    }

    @Test func whoeverIsCancelledBeforeDoesNotEnter() async {
        let turnstile = Turnstile()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await turnstile.alone { 1 }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func anErrorLetsTheNextOneIn() async throws {
        struct Failure: Error {}
        let turnstile = Turnstile()
        await #expect(throws: Failure.self) { try await turnstile.alone { throw Failure() } }
        let value = try await turnstile.alone { 2 }
        #expect(value == 2)
    }
}
