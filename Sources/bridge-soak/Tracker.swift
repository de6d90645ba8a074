// SPDX-License-Identifier: Apache-2.0

import LuaRuntime
import Synchronization

/// Makes hosts that each hold an object, and counts the objects that are alive.
final class Tracker: Sendable {
    private final class Tracked: Sendable {
        let tracker: Tracker

        init(_ tracker: Tracker) {
            self.tracker = tracker
            tracker.count.wrappingAdd(1, ordering: .relaxed)
        }

        deinit { tracker.count.wrappingSubtract(1, ordering: .relaxed) }
    }

    private let count = Atomic<Int>(0)

    var alive: Int { count.load(ordering: .relaxed) }

    /// Echoes arguments, and raises what the operation `raise` says.
    func host() -> LuaHost {
        let tracked = Tracked(self)
        return { request in
            try withExtendedLifetime(tracked) {
                request.operation == "raise" ? .raise("raised") : .values(.of(try request.arguments.json(at: 0)))
            }
        }
    }
}
