// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Synchronization
import Testing

/// A module with the bridge's functions laid open, and entries for calls.
let probe = LuaModule(
    name: "probe",
    source: """
        local host, bridge = ...
        local probe = {null = bridge.null, array = bridge.array, isarray = bridge.isarray, where = bridge.where,
            decode = bridge.decoder 'json.decode', encode = bridge.encoder 'json.encode'}
        function probe.ask(...) return host(...) end function probe.check(value) if type(value) ~= 'string' then bridge.raise('expected a string') end end
        local entries = {decode = probe.decode, encode = probe.encode}
        function entries.echo(...) return ... end
        function entries.ask(...) return host(...) end
        function entries.fail(message) error(message) end
        function entries.spin() while true do end end
        function entries.get(name) return _G[name] end
        function entries.apply(name, ...) return _G[name](...) end
        return probe, entries
        """)

func state(_ limits: LuaLimits = LuaLimits(), modules: [LuaModule] = [probe]) throws -> LuaState {
    try LuaState(limits: limits, modules: modules, sandbox: BothStrengths.sandbox)
}

/// Answers with the first argument; `raise` raises it; `double` doubles it.
let echoHost: LuaHost = { request in
    let first = try request.arguments.json(at: 0)
    switch request.operation {
    case "raise": return .raise(first.stringValue ?? "")
    case "double": return .values(.of(.integer((first.integerValue ?? 0) * 2)))
    case "where": return .values(.of(.string(request.position)))
    default: return .values(request.arguments)
    }
}

/// Runs `source` as `test.lua` on a state of its own, with `ask` as a global function of the host.
@discardableResult
func run(
    _ source: String, _ limits: LuaLimits = LuaLimits(), arguments: [String] = [], host: @escaping LuaHost = echoHost
) async throws -> [LuaValue] {
    try await run(source, on: state(limits), arguments: arguments, host: host)
}

@discardableResult
func run(
    _ source: String, on state: LuaState, arguments: [String] = [], deadline: ContinuousClock.Instant? = nil,
    host: @escaping LuaHost = echoHost
) async throws -> [LuaValue] {
    let prelude =
        "local probe = require 'probe'; local ask, null, array = probe.ask, probe.null, probe.array; "
        + "local decode, encode = probe.decode, probe.encode; "
    return try await state.run(
        chunk: Array((prelude + source).utf8), name: "test.lua", arguments: arguments, deadline: deadline, host: host
    ).values()
}

/// The error that `source` ends with.
func failure(
    _ source: String, _ limits: LuaLimits = LuaLimits(), host: @escaping LuaHost = echoHost,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> LuaError {
    try await #require(throws: LuaError.self, sourceLocation: sourceLocation) {
        try await run(source, limits, host: host)
    }
}

/// A line to wait at until it is opened, and a count of those who wait.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var arrivals: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            let reached = arrivals.filter { $0.count <= waiting.count }
            arrivals.removeAll { $0.count <= waiting.count }
            for arrival in reached { arrival.continuation.resume() }
        }
    }

    func arrival(of count: Int) async {
        if waiting.count >= count { return }
        await withCheckedContinuation { arrivals.append((count, $0)) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

/// Waits until the task is cancelled.
func waitForCancellation() async throws -> LuaAnswer {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        continuation.finish()
    }
    throw CancellationError()
}

/// Counts its instances.
final class Counted: Sendable {
    private let alive: LiveCount

    init(_ alive: LiveCount) {
        self.alive = alive
        alive.value.wrappingAdd(1, ordering: .relaxed)
    }

    deinit { alive.value.wrappingSubtract(1, ordering: .relaxed) }
}

final class LiveCount: Sendable {
    let value = Atomic<Int>(0)
    var now: Int { value.load(ordering: .relaxed) }
}

/// Collects what is printed.
final class Printed: Sendable {
    private let parts = Mutex<[[UInt8]]>([])

    var sink: @Sendable ([UInt8]) -> Void {
        { bytes in self.parts.withLock { $0.append(bytes) } }
    }

    var text: String { parts.withLock { String(decoding: $0.joined(), as: UTF8.self) } }
    var count: Int { parts.withLock { $0.count } }
}
