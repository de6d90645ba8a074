// SPDX-License-Identifier: Apache-2.0

/// What a worker may hold, derived from what its state may hold.
struct WorkerMemory {
    private let limits: LuaLimits

    init(_ limits: LuaLimits) { self.limits = limits }

    /// Beside Lua's own memory a worker holds messages on their way (as Lua encodes them, as a frame, as one grows into
    /// the next larger block), the text of JSON documents, and what `print` wrote.
    private static let base = 256 << 20

    /// The limit of address space of a worker that had mapped `start` bytes; `UInt64.max` when Lua's memory has none.
    ///
    /// Lua's blocks are moved to grow, so twice its memory may be mapped for a moment.
    func addressSpace(above start: UInt64) -> UInt64 {
        guard limits.memoryBytes > 0 else { return .max }
        let parts = [start, Self.twice(limits.memoryBytes, 1), Self.twice(limits.messageBytes, 2), UInt64(Self.base)]
        return parts.reduce(0) { sum, part in
            let (more, overflow) = sum.addingReportingOverflow(part)
            return overflow ? .max : more
        }
    }

    /// The most bytes that a report may have: a message, what was printed, and an error's text, which Lua held before.
    var largestFrame: Int {
        let text = limits.memoryBytes > 0 ? limits.memoryBytes : Frame.most
        let (sum, overflow) = max(limits.messageBytes, 0).addingReportingOverflow(text)
        return overflow ? Frame.most : min(max(sum, 0).addingClamped(32 << 20), Frame.most)
    }

    private static func twice(_ bytes: Int, _ times: Int) -> UInt64 {
        var sum = UInt64(max(bytes, 0))
        for _ in 0..<times { sum = sum > .max / 2 ? .max : sum * 2 }
        return sum
    }
}

/// The limit of processor time of a worker, moved along as long as its calls keep to theirs. It ends a worker whose host
/// cannot kill it, being stopped itself.
struct WorkerCPULimit {
    /// Renewed after the worker has been waited for this long.
    private static let period: UInt64 = 5_000_000_000
    private static let spare: UInt64 = 10

    private let addressSpace: UInt64
    /// Seconds that one call may compute; `nil` for no limit.
    private let seconds: UInt64?
    /// Nanoseconds that the worker was waited for since the limit was renewed.
    var spent: UInt64 = 0

    init(_ limits: LuaLimits, addressSpace: UInt64) {
        self.addressSpace = addressSpace
        seconds = limits.computeTime.map { UInt64(min(max($0.components.seconds, 0), 1 << 32)) }
    }

    mutating func renewIfDue(on link: WorkerLink) throws(LuaError) {
        if spent >= Self.period { try renew(on: link) }
    }

    mutating func renew(on link: WorkerLink) throws(LuaError) {
        spent = 0
        let used = link.cpuTime / 1_000_000_000
        try link.limit(
            addressSpace: addressSpace,
            cpuSeconds: seconds.map { used + $0 + Self.period / 1_000_000_000 + Self.spare } ?? .max)
    }
}

extension Int {
    fileprivate func addingClamped(_ more: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(more)
        return overflow ? .max : sum
    }
}
