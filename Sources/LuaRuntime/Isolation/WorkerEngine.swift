// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A Lua state in a worker process. It takes the steps of ``LuaBridge``; each is one frame there and one back.
// Confined to its `LuaState`, except `cancel()`, which stores one atomic flag and tells the worker.
final class WorkerEngine: @unchecked Sendable {
    private let link: WorkerLink
    private let limits: LuaLimits
    private var cpuLimit: WorkerCPULimit
    private let cancelled = Atomic<Bool>(false)
    private var output: [UInt8] = []
    private(set) var memoryUsed = 0
    private(set) var memoryPeak = 0
    private(set) var liveCalls = 0
    private var calls: UInt64 = 0
    /// Nanoseconds of processor time that the worker had used after the last step.
    private var cpuTime: UInt64 = 0
    /// Why there is no worker any more.
    private var ending: LuaError?

    /// Opens the state in a worker that nothing else has used.
    init(_ limits: LuaLimits, modules: [LuaModule], on link: WorkerLink) throws(LuaError) {
        self.link = link
        self.limits = limits
        cpuLimit = WorkerCPULimit(limits, addressSpace: WorkerMemory(limits).addressSpace(above: link.addressSpace))
        try cpuLimit.renew(on: link)
        link.frameLimit = WorkerMemory(limits).largestFrame
        var writer = FrameWriter(.open)
        writer.append(limits)
        writer.append(modules.count)
        for module in modules { writer.append(module) }
        if let refused = try order(writer.finished(), within: .modules) {
            link.end()
            throw refused
        }
        cpuTime = link.cpuTime
    }

    deinit { link.end() }

    // MARK: What any thread may do

    func cancel() {
        cancelled.store(true, ordering: .releasing)
        link.tell(Frame.Word.cancelState, 0)
    }

    // MARK: The state

    func collect() {
        guard ending == nil, !isCancelled else { return }
        _ = try? order(FrameWriter(.collect).finished(), within: .collection)
    }

    func takeOutput() -> [UInt8]? {
        guard !output.isEmpty else { return nil }
        defer { output = [] }
        return output
    }

    // MARK: Calls

    func open(deadline: ContinuousClock.Instant?) throws(LuaError) -> WorkerCall {
        if let ending { throw ending }
        if isCancelled { throw Self.closed(.cancelled) }
        calls += 1
        liveCalls += 1
        let remaining = deadline.map { max(ContinuousClock.now.duration(to: $0), .zero).nanoseconds }
        return WorkerCall(
            id: calls, deadline: remaining.map { link.now() &+ UInt64($0) } ?? .max,
            computeLeft: limits.computeTime.map { UInt64($0.nanoseconds) } ?? .max, link: link)
    }

    func close(_ call: WorkerCall) {
        liveCalls -= 1
        guard call.phase == .running, ending == nil else { return }
        call.phase = .ended
        var writer = FrameWriter(.close)
        writer.append(call.id)
        _ = try? order(writer.finished(), within: .closing)
    }

    func run(_ call: WorkerCall, chunk: [UInt8], name: String, arguments: LuaMessage) -> LuaStep {
        step(call, .run) { writer in
            writer.append(remaining(of: call))
            writer.append(name)
            writer.append(chunk)
            writer.append(arguments)
        }
    }

    func call(_ call: WorkerCall, entry: String, arguments: LuaMessage) -> LuaStep {
        step(call, .call) { writer in
            writer.append(remaining(of: call))
            writer.append(entry)
            writer.append(arguments)
        }
    }

    func answer(_ call: WorkerCall, _ answer: LuaAnswer) -> LuaStep {
        switch answer {
        case .values(let message): step(call, .answer) { $0.append(message) }
        case .raise(let text): step(call, .raise) { $0.append(text) }
        }
    }

    func resume(_ call: WorkerCall) -> LuaStep { step(call, .resume) { _ in } }

    private var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Nanoseconds until the call's deadline; -1 for never.
    private func remaining(of call: WorkerCall) -> Int {
        guard call.deadline != .max else { return -1 }
        let now = link.now()
        return call.deadline > now ? Int(call.deadline - now) : 0
    }

    private func step(_ call: WorkerCall, _ order: Frame.Order, _ fields: (inout FrameWriter) -> Void) -> LuaStep {
        do throws(LuaError) {
            if let ending { throw ending }
            var writer = FrameWriter(order)
            writer.append(call.id)
            writer.append(isCancelled)
            writer.append(call.isCancelled)
            fields(&writer)
            let report = try exchange(try writer.finished(), on: call)
            call.phase = report.goesOn ? .running : .ended
            return report
        } catch {
            call.phase = .ended
            return .failed(error)
        }
    }

    private func exchange(_ frame: [UInt8], on call: WorkerCall) throws(LuaError) -> LuaStep {
        try cpuLimit.renewIfDue(on: link)
        let start = link.now()
        defer { spend(link.now() &- start, of: call) }
        let compute =
            call.computeLeft == .max
            ? nil : WorkerWait.Compute(nanoseconds: call.computeLeft, cpu: cpuTime, start: start)
        var wait = WorkerWait(link: link, limit: call.deadline, compute: compute) { [self] in
            isCancelled || call.isCancelled
        }
        switch wait.exchange(frame) {
        case .frame(let bytes):
            return try read(bytes) { reader throws(FrameReader.Malformed) in
                let report = try WorkerStep(&reader, values: limits.messageValues)
                note(report.status)
                return report.step
            }
        case .overdue: throw kill(call)
        case .lost(let reason): throw lose(reason)
        }
    }

    /// The worker counts for itself what it computes; the host's own count, which the kernel keeps, is the wall behind
    /// that. It leaves out a millisecond of each step, which is far more than a step takes to travel.
    private func spend(_ nanoseconds: UInt64, of call: WorkerCall) {
        cpuLimit.spent &+= nanoseconds
        guard call.computeLeft != .max else { return }
        let used = max(link.cpuTime, cpuTime) - cpuTime
        cpuTime += used
        let counted = used > 1_000_000 ? used - 1_000_000 : 0
        call.computeLeft = counted < call.computeLeft ? call.computeLeft - counted : 0
    }

    /// Anything but a step. Returns the error by which the worker refused.
    private func order(_ frame: [UInt8], within limit: WorkerWait.Limit) throws(LuaError) -> LuaError? {
        var wait = WorkerWait(link: link, limit: link.now() &+ limit.rawValue) { false }
        switch wait.exchange(frame) {
        case .frame(let bytes):
            return try read(bytes) { reader throws(FrameReader.Malformed) -> LuaError? in
                note(try WorkerStatus(&reader))
                let refused = try reader.bool("whether it was refused") ? try reader.error() : nil
                try reader.end()
                return refused
            }
        case .overdue: throw lose("it gave no answer in time")
        case .lost(let reason): throw lose(reason)
        }
    }

    private func read<Value>(
        _ bytes: [UInt8], _ fields: (inout FrameReader) throws(FrameReader.Malformed) -> Value
    ) throws(LuaError) -> Value {
        do throws(FrameReader.Malformed) {
            var reader = FrameReader(bytes)
            let kind = Frame.Report(rawValue: try reader.byte("a kind"))
            guard kind == .step || kind == .done else { throw .init(expected: "a report", offset: 0) }
            return try fields(&reader)
        } catch {
            throw lose("it sent what is not a report: \(error)")
        }
    }

    private func note(_ status: WorkerStatus) {
        output += status.output
        (memoryUsed, memoryPeak) = (status.memoryUsed, status.memoryPeak)
    }
}

extension WorkerEngine {
    /// Ends the worker that did not stop by itself.
    private func kill(_ call: WorkerCall) -> LuaError {
        link.end()
        if isCancelled || call.isCancelled {
            ending = Self.closed(.cancelled)
            return LuaError(.cancelled, "the script was cancelled; its worker process had to be killed")
        }
        ending = Self.closed(.timeout)
        return LuaError(.timeout, "the time limit of the call was reached; its worker process had to be killed")
    }

    private func lose(_ reason: String) -> LuaError {
        link.end()
        ending = LuaError(.closed, "the Lua state is closed: its worker process is gone")
        return LuaError(.isolation, "the worker process of the Lua state is gone: \(reason)")
    }

    private static func closed(_ code: LuaError.Code) -> LuaError {
        code == .cancelled
            ? LuaError(.closed, "the Lua state is closed: it was cancelled")
            : LuaError(.closed, "the Lua state is closed: a script on it reached a limit")
    }
}

extension LuaStep {
    fileprivate var goesOn: Bool {
        switch self {
        case .request, .output: true
        case .finished, .failed: false
        }
    }
}
