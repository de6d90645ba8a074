// SPDX-License-Identifier: Apache-2.0

import CSandbox

/// One state in a worker, and the orders it is given.
final class WorkerSession {
    private var bridge: LuaBridge?
    private var buffer = [UInt8](repeating: 0, count: 4 << 10)

    /// Until the host is gone, or sends what cannot be read.
    func serve() -> Int32 {
        while let frame = receive() {
            guard let report = try? obey(frame) else { return 1 }
            guard LuaWorker.send(report) else { return 0 }
        }
        return 0
    }

    /// One frame without its length; `nil` when the host is gone.
    private func receive() -> [UInt8]? {
        guard fill(from: 0, to: Frame.headerBytes) else { return nil }
        let length = (0..<Frame.headerBytes).reduce(0) { $0 | Int(buffer[$1]) << (8 * $1) }
        var frame = [UInt8](repeating: 0, count: length)
        guard Self.read(into: &frame) else { return nil }
        return frame
    }

    private func fill(from start: Int, to end: Int) -> Bool {
        var place = start
        while place < end {
            let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
                unsafe bytes.baseAddress.map { unsafe csb_read($0 + place, end - place) } ?? 0
            }
            if count == 0 { return false }
            place += count
        }
        return true
    }

    private static func read(into frame: inout [UInt8]) -> Bool {
        unsafe frame.withUnsafeMutableBufferPointer { bytes in
            var place = 0
            while place < bytes.count, let start = bytes.baseAddress {
                let count = unsafe csb_read(start + place, bytes.count - place)
                if count == 0 { return false }
                place += count
            }
            return true
        }
    }

    /// The report on one order.
    private func obey(_ frame: [UInt8]) throws -> [UInt8] {
        var reader = FrameReader(frame)
        guard let order = Frame.Order(rawValue: try reader.byte("an order")) else {
            throw FrameReader.Malformed(expected: "an order", offset: 0)
        }
        switch order {
        case .open: return try open(&reader)
        case .run, .call: return try start(order, &reader)
        case .answer, .raise, .resume: return try go(order, &reader)
        case .close:
            if let call = toldCalls.remove(try reader.word("a call")) { bridge?.close(call) }
            return try done()
        case .collect:
            bridge?.collect()
            return try done()
        case .probe: return try probe()
        }
    }

    private func open(_ reader: inout FrameReader) throws -> [UInt8] {
        let limits = try reader.limits()
        var modules: [LuaModule] = []
        for _ in 0..<(try reader.count("modules")) { modules.append(try reader.module()) }
        try reader.end()
        do throws(LuaError) {
            let bridge = try LuaBridge(limits, modules: modules)
            self.bridge = bridge
            toldCalls.open(bridge)
            return try done()
        } catch {
            return try done(error)
        }
    }

    private func start(_ order: Frame.Order, _ reader: inout FrameReader) throws -> [UInt8] {
        let id = try reader.word("a call")
        let stops = (
            try reader.bool("whether the state is cancelled"), try reader.bool("whether the call is cancelled")
        )
        let remaining = try reader.integer("time until the deadline")
        let name = try reader.text("a name")
        let chunk = order == .run ? try reader.data("a chunk") : []
        let arguments = try reader.message("arguments")
        try reader.end()
        guard let bridge else { throw FrameReader.Malformed(expected: "an open state", offset: 0) }
        let call: LuaCall
        do throws(LuaError) {
            if stops.0 { bridge.cancel() }
            call = try bridge.open(deadline: remaining < 0 ? nil : .now + .nanoseconds(remaining))
        } catch {
            return try WorkerStep(.failed(error), status).frame()
        }
        toldCalls.add(call, id)
        if stops.1 { call.cancel() }
        let step =
            order == .run
            ? bridge.run(call, chunk: chunk, name: name, arguments: arguments)
            : bridge.call(call, entry: name, arguments: arguments)
        return try report(step, of: id)
    }

    private func go(_ order: Frame.Order, _ reader: inout FrameReader) throws -> [UInt8] {
        let id = try reader.word("a call")
        let stops = (
            try reader.bool("whether the state is cancelled"), try reader.bool("whether the call is cancelled")
        )
        guard let bridge, let call = toldCalls.call(id) else {
            throw FrameReader.Malformed(expected: "a call in flight", offset: 1)
        }
        if stops.0 { bridge.cancel() }
        if stops.1 { call.cancel() }
        let step: LuaStep
        switch order {
        case .answer: step = bridge.answer(call, .values(try reader.message("an answer")))
        case .raise: step = bridge.answer(call, .raise(try reader.text("an error")))
        default: step = bridge.resume(call)
        }
        return try report(step, of: id)
    }

    /// A call that has ended is closed at once: the host need not ask for that.
    private func report(_ step: LuaStep, of id: UInt64) throws -> [UInt8] {
        switch step {
        case .finished, .failed: if let call = toldCalls.remove(id) { bridge?.close(call) }
        case .request, .output: break
        }
        return try WorkerStep(step, status).frame()
    }

    private func done(_ refused: LuaError? = nil) throws(LuaError) -> [UInt8] {
        var writer = FrameWriter(.done)
        writer.append(status)
        writer.append(refused != nil)
        if let refused { writer.append(refused) }
        return try writer.finished()
    }

    private var status: WorkerStatus {
        WorkerStatus(
            output: bridge?.takeOutput() ?? [], memoryUsed: bridge?.memoryUsed ?? 0, memoryPeak: bridge?.memoryPeak ?? 0
        )
    }

    private func probe() throws(LuaError) -> [UInt8] {
        var writer = FrameWriter(.probed)
        // SAFETY: the list ends with a name that is NULL.
        var probe = unsafe csb_probe_walls()
        while let name = unsafe probe.pointee.name {
            writer.append(unsafe String(cString: name))
            writer.append(unsafe Int(probe.pointee.error))
            writer.append(unsafe probe.pointee.allowed)
            unsafe probe += 1
        }
        return try writer.finished()
    }
}
