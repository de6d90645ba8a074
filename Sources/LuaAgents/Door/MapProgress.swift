// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Synchronization

/// How far an `agent.map` with `progress` has come, for the host to show.
final class MapProgress: Sendable {
    private let observe: @Sendable (RunEvent) async -> Void
    private let begin = ContinuousClock.now
    private let rate: Mutex<WorkRate>

    init(_ name: String, total: Int, observe: @escaping @Sendable (RunEvent) async -> Void) {
        rate = Mutex(WorkRate(name, total: total))
        self.observe = observe
    }

    func finished(isError: Bool) async {
        let text = rate.withLock { rate in
            rate.count(isError: isError)
            return rate.text(after: .now - begin)
        }
        await observe(.progress(text))
    }
}
