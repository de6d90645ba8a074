// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import JSONCore
import JSONSchemaCore
import LuaRuntime

extension Door {
    func validate(_ request: DoorRequest) throws -> LuaAnswer {
        let schema = try SpecField("agent.validate: schema", try request.json(0)).schema()
        return .json(
            .array(
                schema.validate(try request.json(1)).map { error in
                    [
                        "path": .string("\(error.instanceLocation)"), "keyword": .string(error.keyword),
                        "message": .string(error.message),
                    ]
                }))
    }

    func log(_ request: DoorRequest) throws -> LuaAnswer {
        let level = try request.string(0, "level")
        let fields = try request.json(2).objectValue ?? [:]
        let secrets = environment.secrets
        environment.log(level, secrets.redact(try request.string(1, "message")), secrets.redact(fields))
        return .nothing
    }

    func variable(_ request: DoorRequest) throws -> LuaAnswer {
        let name = try request.string(0, "name")
        try capabilities.checkVariable(name, "agent.env")
        guard let value = environment.variables(name) else { return .nothing }
        environment.secrets.note(value)
        return .json(.string(value))
    }

    func sleep(_ request: DoorRequest) async throws -> LuaAnswer {
        let seconds = try request.number(0, "seconds")
        guard seconds >= 0, seconds <= 86_400 else {
            throw Misuse("agent.sleep: expected 0 to 86400 seconds, found \(seconds)")
        }
        try await Task.sleep(for: .seconds(seconds))
        return .nothing
    }

    func standardInput(_ request: DoorRequest) async throws -> LuaAnswer {
        let what = try request.string(0, "what")
        switch what {
        case "a": return .bytes(try await environment.input(.all) ?? [])
        case "l": return try await environment.input(.line).map { .bytes($0) } ?? .nothing
        default: throw Misuse("agent.stdin:read: expected \"a\" (all) or \"l\" (a line), found \"\(what)\"")
        }
    }

    /// `random()` is in [0, 1); `random(n)` in 1…n; `random(m, n)` in m…n, as `math.random` has it.
    func random(_ request: DoorRequest) throws -> LuaAnswer {
        if try request.json(0).isNull { return .json(.number(Double.random(in: 0..<1))) }
        let first = try request.integer(0, "from")
        let isRange = try !request.json(1).isNull
        let (from, to) = isRange ? (first, try request.integer(1, "to")) : (1, first)
        guard from <= to else { throw Misuse("agent.random: expected from <= to, found \(from) and \(to)") }
        return .json(.integer(Int64.random(in: from...to)))
    }

    /// A random UUID (RFC 9562 §5.4).
    func uuid() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
    }

    /// Seconds of the processor, as `os.clock` has it.
    func processorSeconds() -> Double { Double(Glibc.clock()) / Double(CLOCKS_PER_SEC) }

    func secondsSinceEpoch() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
