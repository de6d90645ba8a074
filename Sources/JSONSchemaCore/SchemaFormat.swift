// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import StringFormats

/// A `format` that restricts strings.
enum SchemaFormat: Sendable {
    case string(StringFormat)
    case regex

    /// `nil` for a format that is not known.
    init?(_ name: String) {
        if name == "regex" {
            self = .regex
        } else if let format = StringFormat(name: name) {
            self = .string(format)
        } else {
            return nil
        }
    }

    func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .string(let format): format.accepts(bytes)
        case .regex: ECMARegex.isValid(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// What a string has to be, as a noun phrase.
    var expected: String {
        switch self {
        case .string(let format): format.expectation
        case .regex: "a regular expression as in ^[a-z]+$ (ECMA-262)"
        }
    }
}
