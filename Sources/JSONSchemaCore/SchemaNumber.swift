// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A number with its exact mathematical value, for comparisons across integers and doubles.
enum SchemaNumber: Sendable {
    case integer(Int64)
    case double(Double)

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .double(value)
        default: return nil
        }
    }

    init?(_ slot: JSONSlot) {
        switch slot.kind {
        case .integer: self = .integer(slot.integer)
        case .number: self = .double(slot.number)
        default: return nil
        }
    }

    static func < (left: SchemaNumber, right: SchemaNumber) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): a < b
        case (.double(let a), .double(let b)): a < b
        case (.integer(let a), .double(let b)): compare(a, b) < 0
        case (.double(let a), .integer(let b)): compare(b, a) > 0
        }
    }

    static func == (left: SchemaNumber, right: SchemaNumber) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): Int64(exactly: b) == a
        }
    }

    /// -1, 0 or 1 as `integer` is less than, equal to or greater than `double`; never rounds.
    private static func compare(_ integer: Int64, _ double: Double) -> Int {
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        let floor = double.rounded(.down)
        let whole = Int64(floor)
        if integer != whole { return integer < whole ? -1 : 1 }
        return double > floor ? -1 : 0
    }
}
