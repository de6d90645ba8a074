// SPDX-License-Identifier: Apache-2.0

/// Where the Lua of a state runs. Both places take the same steps.
enum LuaEngine: Sendable {
    case here(LuaBridge)
    case worker(WorkerEngine)

    /// A call in flight.
    enum Call: Sendable {
        case here(LuaCall)
        case worker(WorkerCall)

        /// Any thread, until the call is closed.
        func cancel() {
            switch self {
            case .here(let call): call.cancel()
            case .worker(let call): call.cancel()
            }
        }
    }

    init(_ limits: LuaLimits, modules: [LuaModule], in sandbox: Sandbox) throws(LuaError) {
        if let workers = sandbox.workers {
            self = .worker(try WorkerEngine(limits, modules: modules, on: try workers.take()))
        } else {
            self = .here(try LuaBridge(limits, modules: modules))
        }
    }

    func cancel() {
        switch self {
        case .here(let bridge): bridge.cancel()
        case .worker(let engine): engine.cancel()
        }
    }

    func collect() {
        switch self {
        case .here(let bridge): bridge.collect()
        case .worker(let engine): engine.collect()
        }
    }

    var memoryUsed: Int {
        switch self {
        case .here(let bridge): bridge.memoryUsed
        case .worker(let engine): engine.memoryUsed
        }
    }

    var memoryPeak: Int {
        switch self {
        case .here(let bridge): bridge.memoryPeak
        case .worker(let engine): engine.memoryPeak
        }
    }

    var liveCalls: Int {
        switch self {
        case .here(let bridge): bridge.liveCalls
        case .worker(let engine): engine.liveCalls
        }
    }

    func takeOutput() -> [UInt8]? {
        switch self {
        case .here(let bridge): bridge.takeOutput()
        case .worker(let engine): engine.takeOutput()
        }
    }

    func open(deadline: ContinuousClock.Instant?) throws(LuaError) -> Call {
        switch self {
        case .here(let bridge): .here(try bridge.open(deadline: deadline))
        case .worker(let engine): .worker(try engine.open(deadline: deadline))
        }
    }

    func close(_ call: Call) {
        switch (self, call) {
        case (.here(let bridge), .here(let call)): bridge.close(call)
        case (.worker(let engine), .worker(let call)): engine.close(call)
        default: break
        }
    }

    func run(_ call: Call, chunk: [UInt8], name: String, arguments: LuaMessage) -> LuaStep {
        switch (self, call) {
        case (.here(let bridge), .here(let call)): bridge.run(call, chunk: chunk, name: name, arguments: arguments)
        case (.worker(let engine), .worker(let call)): engine.run(call, chunk: chunk, name: name, arguments: arguments)
        default: Self.stranger
        }
    }

    func call(_ call: Call, entry: String, arguments: LuaMessage) -> LuaStep {
        switch (self, call) {
        case (.here(let bridge), .here(let call)): bridge.call(call, entry: entry, arguments: arguments)
        case (.worker(let engine), .worker(let call)): engine.call(call, entry: entry, arguments: arguments)
        default: Self.stranger
        }
    }

    func answer(_ call: Call, _ answer: LuaAnswer) -> LuaStep {
        switch (self, call) {
        case (.here(let bridge), .here(let call)): bridge.answer(call, answer)
        case (.worker(let engine), .worker(let call)): engine.answer(call, answer)
        default: Self.stranger
        }
    }

    func resume(_ call: Call) -> LuaStep {
        switch (self, call) {
        case (.here(let bridge), .here(let call)): bridge.resume(call)
        case (.worker(let engine), .worker(let call)): engine.resume(call)
        default: Self.stranger
        }
    }

    /// `open` makes calls of its own engine only.
    private static var stranger: LuaStep { .failed(LuaError(.closed, "the call is not one of this Lua state")) }
}
