// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Synchronization

/// One worker process, and the frames that go to it and come from it.
// Confined to its state's actor; only `tell` runs elsewhere, under the lock that `end` takes as well.
@safe final class WorkerLink: @unchecked Sendable {
    /// What came of waiting for the worker.
    enum Arrival {
        /// A frame, without its length.
        case frame([UInt8])
        /// The time was over.
        case late
        /// ``tell(_:_:)`` was called.
        case told
        /// The worker is gone, or sent what is not a frame.
        case lost(String)
    }

    /// A host that is loaded heavily may take long to let a new process run.
    private static let startNanoseconds: UInt64 = 30_000_000_000
    private static let kept = 64 << 10

    private let worker: csb_worker
    private let isOpen = Mutex(true)
    private var buffer = [UInt8](repeating: 0, count: 4 << 10)
    private var filled = 0
    /// Bytes of address space that the worker had mapped before it was sent anything.
    private(set) var addressSpace: UInt64 = 0
    /// The version of the kernel's Landlock interface.
    private(set) var landlock: UInt64 = 0
    /// The most bytes that a frame of the worker may have.
    var frameLimit = 1 << 20

    /// Nanoseconds that the worker may take to stop when it should.
    let patience: UInt64

    init(_ worker: csb_worker, patience: UInt64) {
        self.worker = worker
        self.patience = patience
    }

    deinit { end() }

    var processID: Int32 { worker.pid }

    /// Nanoseconds of processor time that the worker has had.
    var cpuTime: UInt64 { csb_worker_cpu(worker) }

    func limit(addressSpace: UInt64, cpuSeconds: UInt64) throws(LuaError) {
        let error = csb_worker_limit(worker, addressSpace, cpuSeconds)
        guard error == 0 else {
            let text = unsafe String(cString: csb_error_text(error))
            throw LuaError(.isolation, "the worker process of an isolated state cannot be limited: \(text)")
        }
    }

    /// Any thread: says `word` to the worker even while it computes, and wakes who waits for it.
    func tell(_ word: UInt64, _ subject: UInt64) {
        isOpen.withLock { isOpen in
            if isOpen { csb_worker_tell(worker, word, subject) }
        }
    }

    /// Kills the worker.
    func end() {
        isOpen.withLock { isOpen in
            if isOpen { csb_worker_end(worker) }
            isOpen = false
        }
    }

    /// Waits for the worker's first frame.
    func waitUntilReady() throws(LuaError) {
        var place = "its first frame"
        switch receive(until: now() &+ Self.startNanoseconds) {
        case .frame(let bytes):
            do throws(FrameReader.Malformed) {
                try readReady(bytes)
                return
            } catch {
                place = "\(error)"
            }
        case .lost(let reason):
            end()
            throw LuaError(.closed, "the worker process of an isolated state could not start: \(reason)")
        case .late, .told: place = "nothing for 30 s"
        }
        end()
        throw LuaError(.isolation, refusal ?? "the worker process of an isolated state could not start: \(place)")
    }

    private var refusal: String?

    private func readReady(_ bytes: [UInt8]) throws(FrameReader.Malformed) {
        var reader = FrameReader(bytes)
        let kind = Frame.Report(rawValue: try reader.byte("a kind"))
        if kind == .refused {
            refusal = "isolated states are not possible on this machine: \(try reader.text("a reason"))"
        }
        guard kind == .ready else { throw FrameReader.Malformed(expected: "that the worker is ready", offset: 0) }
        guard try reader.word("a version") == Frame.version else {
            refusal = "\(LuaWorkerPool.programName) is of another version than this program; build both together"
            throw FrameReader.Malformed(expected: "version \(Frame.version)", offset: 1)
        }
        addressSpace = try reader.word("bytes of address space")
        landlock = try reader.word("a version of Landlock")
        try reader.end()
    }

    /// Sends a frame whole.
    func send(_ frame: [UInt8], until: UInt64) -> Arrival? {
        let outcome = unsafe frame.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return CSB_DONE }
            return unsafe csb_worker_send(worker, start, bytes.count, until)
        }
        switch outcome {
        case CSB_DONE: return nil
        case CSB_LATE: return .late
        default: return .lost(fate)
        }
    }

    /// Waits for a frame until `until`, a time of ``now()``.
    func receive(until: UInt64) -> Arrival {
        while true {
            if filled >= Frame.headerBytes {
                let length = announced
                guard length <= frameLimit else {
                    return .lost("it announced a frame of \(length) bytes, where \(frameLimit) are the most")
                }
                if filled > Frame.headerBytes + length { return .lost("it sent more than it was asked for") }
                if filled == Frame.headerBytes + length { return .frame(takeFrame()) }
                makeRoom(for: length)
            }
            var count = 0
            let outcome = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
                guard let start = bytes.baseAddress else { return CSB_ENDED }
                return unsafe csb_worker_receive(worker, start + filled, bytes.count - filled, &count, until)
            }
            switch outcome {
            case CSB_DONE: filled += count
            case CSB_LATE: return .late
            case CSB_WOKEN: return .told
            default: return .lost(fate)
            }
        }
    }

    private var announced: Int {
        (0..<Frame.headerBytes).reduce(0) { $0 | Int(buffer[$1]) << (8 * $1) }
    }

    private func takeFrame() -> [UInt8] {
        let frame = Array(buffer[Frame.headerBytes..<filled])
        filled = 0
        if buffer.count > Self.kept { buffer = [UInt8](repeating: 0, count: 4 << 10) }
        return frame
    }

    /// Room grows with what has come, not with what was announced.
    private func makeRoom(for length: Int) {
        guard filled == buffer.count else { return }
        let wanted = min(Frame.headerBytes + length, buffer.count * 2)
        buffer.append(contentsOf: repeatElement(0, count: max(wanted - buffer.count, 1)))
    }

    /// How the worker ended.
    private var fate: String {
        let status = csb_worker_fate(worker)
        if status < 0 { return "it closed its side of the channel" }
        return status & 0x7F == 0 ? "it ended with exit code \(status >> 8)" : "it was ended by signal \(status & 0x7F)"
    }

    func now() -> UInt64 { csb_now() }
}
