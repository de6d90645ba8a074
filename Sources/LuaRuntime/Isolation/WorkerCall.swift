// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A call in flight on a worker.
// Confined to its state's actor, except `cancel()`, which stores one atomic flag and tells the worker.
final class WorkerCall: @unchecked Sendable {
    /// Where it is on its way. A call that has ended is closed in the worker already.
    enum Phase {
        case opened
        case running
        case ended
    }

    let id: UInt64
    /// When the call has to stop, as a time of the link; `UInt64.max` for never.
    let deadline: UInt64
    /// Nanoseconds that it may compute still.
    var computeLeft: UInt64
    var phase = Phase.opened
    private let cancelled = Atomic<Bool>(false)
    private let link: WorkerLink

    init(id: UInt64, deadline: UInt64, computeLeft: UInt64, link: WorkerLink) {
        self.id = id
        self.deadline = deadline
        self.computeLeft = computeLeft
        self.link = link
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
        link.tell(Frame.Word.cancelCall, id)
    }
}
