// SPDX-License-Identifier: Apache-2.0

/// Waits for one report of a worker: until it comes, or until the worker has had its time to stop by itself.
struct WorkerWait {
    enum Outcome {
        case frame([UInt8])
        /// It did not stop when it should have; it has to be killed.
        case overdue
        case lost(String)
    }

    /// Nanoseconds for what is not a step of a call.
    enum Limit: UInt64 {
        /// Modules are loaded without a limit of their own.
        case modules = 30_000_000_000
        case collection = 20_000_000_000
        /// What a waiting call closes may run for 0.1 s.
        case closing = 1_000_000_000
    }

    /// After the limit the worker stops by itself, with a message that says where. It has this much time for that, and
    /// on a loaded machine, where it may not get a processor for as long, up to the link's patience.
    private static let grace: UInt64 = 20_000_000

    private let link: WorkerLink
    private let limit: UInt64
    private let compute: Compute?
    private let isCancelled: () -> Bool
    /// When the worker should have stopped, and the processor time it had had then.
    private var stop: (time: UInt64, cpu: UInt64)?

    /// A limit of processor time.
    struct Compute {
        /// Nanoseconds that the worker may use.
        let nanoseconds: UInt64
        /// What it had used, and when, as the wait began.
        let cpu: UInt64
        let start: UInt64

        /// A worker that uses no processor time does not reach its limit, so that its time ends as well: after ten times
        /// as long and a second.
        var end: UInt64 {
            later(later(start, by: nanoseconds > .max / 10 ? .max : nanoseconds * 10), by: 1_000_000_000)
        }
    }

    /// - Parameters:
    ///   - limit: when the worker should stop, as a time of the link.
    ///   - isCancelled: whether it should have stopped already.
    init(link: WorkerLink, limit: UInt64, compute: Compute? = nil, isCancelled: @escaping () -> Bool) {
        self.link = link
        self.limit = limit
        self.compute = compute
        self.isCancelled = isCancelled
    }

    mutating func exchange(_ frame: [UInt8]) -> Outcome {
        // A worker that does not take what it is sent is not one of ours: it reads before it computes.
        switch link.send(
            frame, until: min(later(limit, by: link.patience), later(link.now(), by: Limit.modules.rawValue)))
        {
        case nil: break
        case .lost(let reason)?: return .lost(reason)
        default: return .overdue
        }
        var until = min(limit, compute.map { later($0.start, by: $0.nanoseconds) } ?? .max)
        while true {
            switch link.receive(until: until) {
            case .frame(let bytes): return .frame(bytes)
            case .lost(let reason): return .lost(reason)
            case .told: if isCancelled() { until = expectStop() }
            case .late:
                guard stop == nil || mayTakeLonger else { return .overdue }
                until = stop == nil ? computesUntil ?? expectStop() : expectStop()
            }
        }
    }

    /// When to look again at a worker that has processor time left; `nil` when it should have stopped.
    private var computesUntil: UInt64? {
        let now = link.now()
        guard let compute, now < limit, now < compute.end else { return nil }
        let used = link.cpuTime &- compute.cpu
        guard used < compute.nanoseconds else { return nil }
        return min(limit, compute.end, now + max(compute.nanoseconds - used, 1_000_000))
    }

    private mutating func expectStop() -> UInt64 {
        let now = link.now()
        if stop == nil { stop = (now, link.cpuTime) }
        return now + min(Self.grace, link.patience)
    }

    private var mayTakeLonger: Bool {
        guard let stop else { return true }
        return link.now() < later(stop.time, by: link.patience) && link.cpuTime < stop.cpu + Self.grace / 2
    }
}

/// `time` and `nanoseconds` more, or never.
func later(_ time: UInt64, by nanoseconds: UInt64) -> UInt64 {
    let (sum, overflow) = time.addingReportingOverflow(nanoseconds)
    return overflow ? .max : sum
}
