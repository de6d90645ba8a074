// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Synchronization

/// The worker's side: walls itself in, then takes the steps that the host asks for, one after the other.
public enum LuaWorker {
    /// Serves one state on the channel that the process was started with, until the host is gone.
    ///
    /// - Parameter arguments: those of the process; the second is the host's process number.
    /// - Returns: the exit code: 0, or 1 when the walls could not be put up, or when the host sent what cannot be read.
    public static func serve(_ arguments: [String]) -> Int32 {
        guard arguments.count == 2, let host = Int32(arguments[1]) else { return 1 }
        var walls = csb_walls()
        let missing = unsafe csb_enter(host, { word, subject in toldCalls.hear(word, subject) }, &walls)
        if let missing = unsafe missing { return refuse(unsafe String(cString: missing)) }
        // What a first step starts in this process must run before the walls close: nothing can be started after that.
        if let failure = warmUp() { return refuse(failure) }
        if let missing = unsafe csb_seal() { return refuse(unsafe String(cString: missing)) }
        var ready = FrameWriter(.ready)
        ready.append(Frame.version)
        ready.append(walls.address_space)
        ready.append(UInt64(walls.landlock))
        guard send(ready) else { return 0 }
        return WorkerSession().serve()
    }

    static func send(_ writer: consuming FrameWriter) -> Bool {
        guard let frame = try? writer.finished() else { return false }
        return send(frame)
    }

    static func send(_ frame: [UInt8]) -> Bool {
        unsafe frame.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe csb_write(start, bytes.count)
        }
    }

    private static func refuse(_ reason: String) -> Int32 {
        var writer = FrameWriter(.refused)
        writer.append(reason)
        _ = send(writer)
        return 1
    }

    /// Takes one step under limits on a state that is thrown away.
    private static func warmUp() -> String? {
        do throws(LuaError) {
            let bridge = try LuaBridge(LuaLimits(computeTime: .seconds(10)), modules: [])
            let call = try bridge.open(deadline: .now + .seconds(10))
            defer { bridge.close(call) }
            let source = "return string.format('%.3f %s', 0.5, os.date('%c'))"
            guard case .finished = bridge.run(call, chunk: Array(source.utf8), name: "warm", arguments: LuaMessage())
            else { return "Lua does not run in the worker" }
            return nil
        } catch {
            return error.message
        }
    }
}

/// The calls of the worker's state, for the thread that hears the host.
let toldCalls = ToldCalls()

// The bridge's `cancel` functions may be used on any thread until a call is closed, which the lock sees to.
final class ToldCalls: Sendable {
    private struct Known {
        var bridge: LuaBridge?
        var calls: [UInt64: LuaCall] = [:]
    }

    private let known = Mutex(Known())

    func hear(_ word: UInt64, _ subject: UInt64) {
        known.withLock { known in
            switch word {
            case Frame.Word.cancelState: known.bridge?.cancel()
            case Frame.Word.cancelCall: known.calls[subject]?.cancel()
            default: break
            }
        }
    }

    func open(_ bridge: LuaBridge) { known.withLock { $0.bridge = bridge } }
    func add(_ call: LuaCall, _ id: UInt64) { known.withLock { $0.calls[id] = call } }
    func remove(_ id: UInt64) -> LuaCall? { known.withLock { $0.calls.removeValue(forKey: id) } }
    func call(_ id: UInt64) -> LuaCall? { known.withLock { $0.calls[id] } }
}
