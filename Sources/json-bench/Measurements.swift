// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Measures everything, or `only` what has that name, on the text of one file.
func measureAll(_ path: String, _ bytes: [UInt8], only: String?) throws {
    let limits = JSONLimits(depth: JSONLimits.maximumDepth)
    var tape = JSONTape()
    try tape.parse(bytes, limits: limits)
    let value = JSONValue(tape)

    func report(_ name: String, _ body: () throws -> Void) rethrows {
        if let only, only != name { return }
        print("\(name)\t\(path)\t\(try best(body).rounded())")
    }

    var reused = JSONTape()
    try report("parse-tape") { try reused.parse(bytes, limits: limits) }
    try report("parse-value") { _ = try JSONValue(parsing: bytes, limits: limits) }
    var serializer = JSONSerializer()
    try report("write-tape") { _ = try serializer.withBytes(of: tape) { $0.count } }
    try report("write-tape-array") { _ = try tape.serializedBytes() }
    try report("write-value") { _ = try value.serializedBytes() }
    try report("incremental-4") { try feed(bytes, limits) }
    try report("incremental-4-view") { try feed(bytes, limits) { $0.withPartialView { _ = $0?[0].length } } }
    if bytes.count < 100_000 {
        try report("incremental-4-value") { try feed(bytes, limits) { _ = $0.partialValue } }
    }
}

/// Feeds a text in pieces of four bytes and looks at what has come after each.
private func feed(
    _ bytes: [UInt8], _ limits: JSONLimits, _ look: (borrowing JSONIncrementalParser) -> Void = { _ in }
) throws {
    var parser = JSONIncrementalParser(limits: limits)
    try bytes.withUnsafeBytes { bytes in
        for start in stride(from: 0, to: bytes.count, by: 4) {
            try parser.feed(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 4, bytes.count)]))
            look(parser)
        }
    }
}
