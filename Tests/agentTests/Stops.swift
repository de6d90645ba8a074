// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets requests pass until one of some numbers is reached; then all wait until they may go on.
actor Stops {
    private var limits: [Int]
    private var count = 0
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watchers: [CheckedContinuation<Void, Never>] = []

    init(at limits: [Int]) { self.limits = limits }

    func pass() async {
        count += 1
        guard let limit = limits.first, count >= limit else { return }
        for watcher in watchers { watcher.resume() }
        watchers = []
        await withCheckedContinuation { held.append($0) }
    }

    func reached() async {
        guard let limit = limits.first, count < limit else { return }
        await withCheckedContinuation { watchers.append($0) }
    }

    func goOn() {
        limits.removeFirst()
        // What was held belongs to a command that has ended.
        for continuation in held { continuation.resume() }
        held = []
    }
}

extension Stops {
    /// Something that is on or off.
    final class Switch: Sendable {
        private let state: Mutex<Bool>

        init(_ isOn: Bool) { state = Mutex(isOn) }

        var isOn: Bool {
            get { state.withLock(\.self) }
            set { state.withLock { $0 = newValue } }
        }
    }
}
