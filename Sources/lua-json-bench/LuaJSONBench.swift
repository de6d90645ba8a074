// SPDX-License-Identifier: Apache-2.0

import Glibc
import LuaRuntime

/// Measures what a script pays for reading and writing JSON, `lua-json-bench FILE…`, and for vectors,
/// `lua-json-bench vectors`.
///
/// Prints `lua-decode`, `lua-encode`, file and nanoseconds a document, tab-separated: thread CPU time of a loop inside
/// Lua, the best of many batches. `Tests/Benchmarks/peers/json_peers.lua` prints the same for lua-cjson.
@main struct LuaJSONBench {
    static func main() async throws {
        if CommandLine.arguments.dropFirst().elementsEqual(["vectors"]) { return try await VectorBench.run() }
        let state = try LuaState(limits: LuaLimits(memoryBytes: 1 << 30), modules: [module])
        for path in CommandLine.arguments.dropFirst() {
            var text = LuaMessage()
            text.append(try contents(of: path))
            for entry in ["decode", "encode"] {
                let name = path.split(separator: "/").last.map(String.init) ?? path
                let nanoseconds = try await best(of: entry, text, on: state)
                print("lua-\(entry)\t\(name)\t\(nanoseconds)")
            }
            await state.collectGarbage()
        }
    }

    /// The least nanoseconds a round, over a second of batches of at least 4 ms each.
    private static func best(of entry: String, _ text: LuaMessage, on state: LuaState) async throws -> Int {
        var rounds: Int64 = 1
        var least = Double.infinity
        var total = 0.0
        while total < 1e9 {
            var arguments = text
            arguments.append(rounds)
            let values = try await state.call(entry: entry, arguments: arguments).values()
            guard case .number(let seconds)? = values.first else { throw Unmeasured(path: entry) }
            total += seconds * 1e9
            if seconds < 4e-3 {
                rounds *= 2
            } else {
                least = min(least, seconds * 1e9 / Double(rounds))
            }
        }
        return Int(least)
    }

    private static func contents(of path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else { throw Unmeasured(path: path) }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&piece, 1, piece.count, file)
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    /// `os.clock` is the CPU time of the process, which has one thread that computes.
    private static let module = LuaModule(
        name: "bench",
        source: """
            local _, bridge = ...
            local decode, encode, clock = bridge.decoder "decode", bridge.encoder "encode", os.clock
            local entries = {}
            function entries.decode(text, rounds)
                local start = clock()
                for _ = 1, rounds do decode(text) end
                return clock() - start
            end
            function entries.encode(text, rounds)
                local value = assert(decode(text))
                local start = clock()
                for _ = 1, rounds do encode(value) end
                return clock() - start
            end
            return {}, entries
            """)
}

struct Unmeasured: Error {
    let path: String
}
