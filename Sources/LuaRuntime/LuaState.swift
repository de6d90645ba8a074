// SPDX-License-Identifier: Apache-2.0

/// A Lua state: scripts run on it one at a time, and any number of calls may wait for the host meanwhile.
///
/// Scripts get the basic functions, `string`, `table`, `math`, `utf8`, `coroutine`, of `os` the time functions, and
/// `require` for the modules of the state; nothing that reaches outside. Lua 5.4 manual with these differences: `load`
/// takes text only, `setmetatable` refuses `__gc` and `__concat`, `__mode` does nothing, `collectgarbage` knows `"collect"`
/// and `"count"` only, `tostring` shows no addresses, and the handler of `xpcall` runs after the stack was unwound.
///
/// A script computes on the actor: it holds one thread of Swift's pool until it asks the host, ends or is stopped.
public actor LuaState {
    private let engine: LuaEngine
    private let output: @Sendable ([UInt8]) -> Void

    /// Opens a state and loads the modules in order.
    ///
    /// - Parameters:
    ///   - limits: hold for scripts from here on; the modules' own sources are loaded without limits of time.
    ///   - output: gets what scripts print, in order, after each stretch of computing and at the latest after 64 KB;
    ///     called on the actor.
    ///   - sandbox: where scripts run. Isolated, the actor's thread waits while the worker computes, and a call that a
    ///     worker does not stop in time ends the state, whatever ``LuaLimits/stopClosesState`` says.
    /// - Throws: ``LuaError`` when a module cannot be loaded, when the memory limit is too small for the modules, or, with
    ///   ``LuaError/Code/isolation``, when there is no worker.
    public init(
        limits: LuaLimits = LuaLimits(), modules: [LuaModule] = [], sandbox: Sandbox = .inProcess,
        output: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) throws(LuaError) {
        engine = try LuaEngine(limits, modules: modules, in: sandbox)
        self.output = output
    }

    /// Compiles a chunk and runs it to its end.
    ///
    /// - Parameters:
    ///   - chunk: text; a byte order mark and a first line that starts with `#` are skipped.
    ///   - name: the file name that positions show; also `arg[0]`.
    ///   - arguments: `arg[1]`, `arg[2]`, ... and the chunk's `...`.
    ///   - deadline: when the call is stopped, whether it computes or waits for the host; `nil` means never.
    ///   - host: answers what the script asks; without one, each request is an error in the script.
    ///   - onStep: is told each time that the call goes on, on the actor: in the order in which the calls of a state do.
    /// - Returns: the values the chunk returned.
    /// - Throws: ``LuaError``; `CancellationError` when the task was cancelled; what the host threw.
    public func run(
        chunk: [UInt8], name: String, arguments: [String] = [], deadline: ContinuousClock.Instant? = nil,
        host: @escaping LuaHost = LuaState.noHost, onStep: (@Sendable () -> Void)? = nil
    ) async throws -> LuaMessage {
        var values = LuaMessage()
        values.append(name)
        for argument in arguments { values.append(argument) }
        return try await perform(deadline, host, onStep) { call in
            engine.run(call, chunk: chunk, name: name, arguments: values)
        }
    }

    /// Calls an entry of a module.
    ///
    /// A call that asks nothing costs one hop to the actor. Parameters and errors are those of
    /// ``run(chunk:name:arguments:deadline:host:)``.
    public func call(
        entry: String, arguments: LuaMessage = LuaMessage(), deadline: ContinuousClock.Instant? = nil,
        host: @escaping LuaHost = LuaState.noHost, onStep: (@Sendable () -> Void)? = nil
    ) async throws -> LuaMessage {
        try await perform(deadline, host, onStep) { call in
            engine.call(call, entry: entry, arguments: arguments)
        }
    }

    /// Stops whatever runs or waits on the state, for good; calls fail with ``LuaError/Code/cancelled``.
    ///
    /// Calls that wait for the host end when the host has answered. Use the cancellation of a task to stop one call.
    public nonisolated func cancel() { engine.cancel() }

    /// Frees what scripts no longer reach.
    public func collectGarbage() { engine.collect() }

    /// Bytes the Lua allocator holds.
    public var memoryUsed: Int { engine.memoryUsed }

    /// The most bytes the Lua allocator has held.
    public var memoryPeak: Int { engine.memoryPeak }

    /// Calls that have not ended.
    public var liveThreads: Int { engine.liveCalls }

    /// Answers every request with an error.
    public static let noHost: LuaHost = { request in .raise("'\(request.operation)' is not available here") }

    private func perform(
        _ deadline: ContinuousClock.Instant?, _ host: @escaping LuaHost, _ onStep: (@Sendable () -> Void)?,
        _ start: (LuaEngine.Call) -> LuaStep
    ) async throws -> LuaMessage {
        let call = try engine.open(deadline: deadline)
        defer {
            engine.close(call)  // may run what the script closes, and that may print
            drain()
        }
        // The handler cannot run any more once this returns, so `call` is open whenever it does.
        return try await withTaskCancellationHandler {
            onStep?()
            return try await drive(call, from: start(call), deadline, host, onStep)
        } onCancel: {
            call.cancel()
        }
    }

    private func drive(
        _ call: LuaEngine.Call, from first: LuaStep, _ deadline: ContinuousClock.Instant?, _ host: @escaping LuaHost,
        _ onStep: (@Sendable () -> Void)?
    ) async throws -> LuaMessage {
        var step = first
        while true {
            drain()
            switch step {
            case .finished(let values): return values
            case .output: step = engine.resume(call)
            case .request(let request):
                let answer = try await answer(request, deadline, host)
                onStep?()
                step = engine.answer(call, answer)
            case .failed(let error):
                if error.code == .cancelled { try Task.checkCancellation() }
                throw error
            }
        }
    }

    /// Asks the host, and cancels it when the deadline passes first.
    private func answer(
        _ request: LuaRequest, _ deadline: ContinuousClock.Instant?, _ host: @escaping LuaHost
    ) async throws -> LuaAnswer {
        guard let deadline else { return try await host(request) }
        return try await withThrowingTaskGroup(of: LuaAnswer?.self) { group in
            group.addTask { try await host(request) }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            if let answer = try await group.next() ?? nil { return answer }
            let place = request.position.isEmpty ? "" : "\(request.position): "
            throw LuaError(
                .timeout, "\(place)the time limit of the call was reached while it waited for '\(request.operation)'")
        }
    }

    private func drain() {
        if let printed = engine.takeOutput() { output(printed) }
    }
}
