// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// What a server has seen, and who waits to see it.
final class ServerJournal: Sendable {
    private struct State {
        var requests: [FakeRequest] = []
        var received = 0
        var accepted = 0
        var closed = 0
        var channels: [ObjectIdentifier: any Channel] = [:]
        var waiters: [(isMet: @Sendable (Counts) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

        var counts: Counts { Counts(received: received, accepted: accepted, closed: closed) }
    }

    struct Counts: Sendable {
        let received: Int
        let accepted: Int
        let closed: Int
    }

    private let state = Mutex(State())

    var requests: [FakeRequest] { state.withLock(\.requests) }
    var counts: Counts { state.withLock(\.counts) }
    var openChannels: [any Channel] { state.withLock { Array($0.channels.values) } }

    func opened(_ channel: any Channel) -> Int {
        change { state in
            state.channels[ObjectIdentifier(channel)] = channel
            state.accepted += 1
            return state.accepted - 1
        }
    }

    func closed(_ channel: any Channel) {
        change { state in
            guard state.channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
            state.closed += 1
        }
    }

    func received(_ make: @Sendable (Int) -> FakeRequest) -> FakeRequest {
        change { state in
            let request = make(state.received)
            state.received += 1
            state.requests.append(request)
            return request
        }
    }

    func wait(until isMet: @escaping @Sendable (Counts) -> Bool) async {
        await withCheckedContinuation { continuation in
            let met = state.withLock { state in
                if isMet(state.counts) { return true }
                state.waiters.append((isMet, continuation))
                return false
            }
            if met { continuation.resume() }
        }
    }

    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, woken) = state.withLock { state in
            let value = body(&state)
            let counts = state.counts
            let woken = state.waiters.filter { $0.isMet(counts) }.map(\.continuation)
            state.waiters.removeAll { $0.isMet(counts) }
            return (value, woken)
        }
        for continuation in woken { continuation.resume() }
        return value
    }
}
