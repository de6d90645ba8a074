// SPDX-License-Identifier: Apache-2.0

import Glibc
import JSONCore
import LuaRuntime

/// Calls on a state that is warm.
enum Calls {
    private static let table: JSONValue = [
        "city": "Oslo", "days": 3, "options": ["wind": true, "units": "metric", "layers": [1, 2, 3, 4]],
    ]

    static func measure(_ name: String, _ sandbox: Sandbox) async throws {
        let state = try LuaState(modules: [IsolationBench.module], sandbox: sandbox)
        let host: LuaHost = { .values($0.arguments) }
        for (what, entry, arguments) in [
            ("two integers", "add", LuaMessage.of(20, 22)), ("a small table there and back", "echo", .of(table)),
            ("a request to the host", "ask", .of(table)),
        ] {
            for _ in 0..<1000 { _ = try await state.call(entry: entry, arguments: arguments, host: host) }
            var samples = Samples()
            for _ in 0..<20_000 {
                try await samples.add { _ = try await state.call(entry: entry, arguments: arguments, host: host) }
            }
            samples.tell("call \(name), \(what)")
        }
    }
}

/// From nothing to a state that has computed something.
enum Starts {
    static func measure() async throws {
        let cold = Sandbox.isolated(in: LuaWorkerPool(warm: 0))
        let warm = Sandbox.isolated(in: LuaWorkerPool(warm: 2))
        for (name, sandbox) in [
            ("in process", Sandbox.inProcess), ("isolated, started", cold), ("isolated, kept ready", warm),
        ] {
            var samples = Samples()
            for _ in 0..<60 {
                try await samples.add {
                    let state = try LuaState(modules: [IsolationBench.module], sandbox: sandbox)
                    _ = try await state.call(entry: "add", arguments: .of(1, 2))
                }
                // The next one is measured when the worker that replaces this one has had time to start.
                usleep(20_000)
            }
            samples.tell("open a state and call it once, \(name)")
        }
    }
}

/// What a worker holds, as the kernel counts it.
enum Memory {
    static func measure(workers count: Int) async throws {
        let sandbox = Sandbox.isolated(in: LuaWorkerPool(warm: 0))
        var states: [LuaState] = []
        let before = Set(children())
        for _ in 0..<count {
            let state = try LuaState(modules: [IsolationBench.module], sandbox: sandbox)
            _ = try await state.call(entry: "add", arguments: .of(1, 2))
            states.append(state)
        }
        let workers = children().filter { !before.contains($0) }
        for field in ["Rss", "Pss", "Private_Dirty"] {
            let sum = workers.reduce(0) { $0 + kilobytes(field, of: $1) }
            print("memory of a worker, \(field), over \(workers.count)\tKB\t\(sum / max(workers.count, 1))")
        }
        withExtendedLifetime(states) {}
    }

    private static func children() -> [String] {
        guard let folder = opendir("/proc/self/task") else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") {
                names += text(of: "/proc/self/task/\(name)/children").split(separator: " ").map(String.init)
            }
        }
        return names
    }

    private static func kilobytes(_ field: String, of process: String) -> Int {
        let lines = text(of: "/proc/\(process)/smaps_rollup").split(separator: "\n")
        let line = lines.first { $0.hasPrefix(field + ":") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    private static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}

/// How long after its limit a script that never ends is stopped.
enum Stops {
    static func measure(_ name: String, _ sandbox: Sandbox, stops: Int) async throws {
        var samples = Samples()
        var inside = 0
        for _ in 0..<stops {
            let state = try LuaState(modules: [IsolationBench.module], sandbox: sandbox)
            _ = try await state.call(entry: "add", arguments: .of(1, 2))
            let deadline = ContinuousClock.now + .milliseconds(20)
            do {
                _ = try await state.call(entry: "spin", deadline: deadline)
            } catch let error as LuaError where error.code == .timeout {
                samples.add(deadline.duration(to: .now))
                if !error.message.contains("killed") { inside += 1 }
            }
        }
        samples.tell("stop after a deadline of 20 ms, \(name) (\(inside) of \(stops) by the script's own Lua)")
    }
}
