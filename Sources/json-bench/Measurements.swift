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
    try report("write-value") { _ = try value.serializedBytes() }
}
