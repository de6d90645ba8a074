// SPDX-License-Identifier: Apache-2.0

// Measures schemas in nanoseconds of thread CPU time, the best of many batches.
//
// schema-bench SCHEMA INSTANCES.jsonl    a line each: `validate` for an instance that is on its tape, `parse+validate`
//                                        from text, `compile` for the schema, and how many instances are valid
// schema-bench FOLDER...                 for each folder with schema.json and instances.jsonl: its name, one pass over
//                                        the instances, compiling, and the verdicts as 0 and 1, with tabs between

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

/// A schema with the lines that it is measured on.
struct Case {
    let document: JSONValue
    let schema: JSONSchema
    let lines: [[UInt8]]
    let instances: [Instance]

    init(schema schemaPath: String, instances instancesPath: String) throws {
        document = try JSONValue(parsing: contents(of: schemaPath), limits: JSONLimits(depth: 1000))
        schema = try JSONSchema(document)
        lines = contents(of: instancesPath).split(separator: UInt8(ascii: "\n")).map { Array($0) }
        instances = try lines.map { Instance(try JSONValue(parsing: $0)) }
    }

    /// One pass over the instances, on their tapes.
    func validation(seconds: Double) -> Double {
        var sink = 0
        return best(seconds: seconds) {
            for instance in instances where schema.isValid(instance.tape) { sink &+= 1 }
        }
    }

    /// One pass over the instances, from text.
    func parsingAndValidation(seconds: Double) -> Double {
        var sink = 0
        var tape = JSONTape()
        return best(seconds: seconds) {
            for line in lines {
                let isParsed = (try? tape.parse(line)) != nil
                if isParsed && schema.isValid(tape) { sink &+= 1 }
            }
        }
    }

    func compilation(seconds: Double) -> Double {
        var sink = 0
        return best(seconds: seconds) { if (try? JSONSchema(document)) != nil { sink &+= 1 } }
    }

    var verdicts: [Bool] { instances.map { schema.isValid($0.tape) } }
}

func report(schema: String, instances: String) throws {
    let measured = try Case(schema: schema, instances: instances)
    let count = Double(max(1, measured.lines.count))
    print("validate\t\(measured.validation(seconds: 1) / count)")
    print("parse+validate\t\(measured.parsingAndValidation(seconds: 0.5) / count)")
    print("compile\t\(measured.compilation(seconds: 0.3))")
    print("valid\t\(measured.verdicts.count { $0 })/\(measured.lines.count)")
}

func report(folder: String) throws {
    let measured = try Case(schema: folder + "/schema.json", instances: folder + "/instances.jsonl")
    let name = folder.split(separator: "/").last ?? ""
    let verdicts = measured.verdicts.map { $0 ? "1" : "0" }.joined()
    let figures = "\(measured.validation(seconds: 0.3))\t\(measured.compilation(seconds: 0.1))"
    print("\(name)\t\(figures)\t\(verdicts)")
}

let arguments = CommandLine.arguments.dropFirst()
do {
    if let last = arguments.last, arguments.count == 2, last.hasSuffix(".jsonl") {
        try report(schema: CommandLine.arguments[1], instances: last)
    } else if arguments.isEmpty {
        print("usage: schema-bench SCHEMA INSTANCES.jsonl | schema-bench FOLDER...")
        exit(2)
    } else {
        for folder in arguments { try report(folder: folder) }
    }
} catch {
    print("error\t\(error)")
    exit(1)
}
