// SPDX-License-Identifier: Apache-2.0

// Measures one schema on the lines of a file: schema-bench SCHEMA INSTANCES.jsonl
// Prints nanoseconds of thread CPU time, the best of many batches: `validate` for an instance that is on its tape,
// `parse+validate` from text, and `compile` for the schema.

import JSONCore
import JSONSchemaCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
}

func cpuNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The least time of one call of `body`, over batches of at least 2 ms for about `seconds`.
func best(seconds: Double, _ body: () -> Void) -> Double {
    var calls = 1
    var least = Double.infinity
    var total = 0.0
    while total < seconds * 1e9 {
        let start = cpuNanoseconds()
        for _ in 0..<calls { body() }
        let elapsed = cpuNanoseconds() - start
        total += elapsed
        if elapsed < 2e6 && calls < 1 << 24 {
            calls *= 2
        } else {
            least = min(least, elapsed / Double(calls))
        }
    }
    return least
}

/// Keeps tapes together, which an array cannot hold.
final class Instance {
    let tape: JSONTape
    init(_ value: JSONValue) { tape = JSONTape(value) }
}

func measure(_ schemaPath: String, _ instancesPath: String) throws {
    let document = try JSONValue(parsing: contents(of: schemaPath), limits: JSONLimits(depth: 1000))
    let schema = try JSONSchema(document)
    let lines = contents(of: instancesPath).split(separator: UInt8(ascii: "\n")).map { Array($0) }
    let instances = try lines.map { Instance(try JSONValue(parsing: $0)) }
    var valid = 0
    for instance in instances where schema.isValid(instance.tape) { valid += 1 }
    var sink = 0
    let validation = best(seconds: 1) {
        for instance in instances where schema.isValid(instance.tape) { sink &+= 1 }
    }
    let both = best(seconds: 0.5) {
        for line in lines {
            if let value = try? JSONValue(parsing: line), schema.isValid(value) { sink &+= 1 }
        }
    }
    let compilation = best(seconds: 0.3) { if let schema = try? JSONSchema(document) { sink &+= schema.isValid(0) ? 1 : 0 } }
    let count = Double(max(1, lines.count))
    print("validate\t\(validation / count)")
    print("parse+validate\t\(both / count)")
    print("compile\t\(compilation)")
    print("valid\t\(valid)/\(lines.count)")
    if sink == -1 { print("") }
}

guard CommandLine.arguments.count == 3 else {
    print("usage: schema-bench SCHEMA INSTANCES.jsonl")
    exit(2)
}
do {
    try measure(CommandLine.arguments[1], CommandLine.arguments[2])
} catch {
    print("error\t\(error)")
    exit(1)
}
