// SPDX-License-Identifier: Apache-2.0

import StringFormats
import Testing

/// Strings that a format accepts and strings that it refuses.
struct FormatCase: CustomTestStringConvertible, Sendable {
    let format: StringFormat
    let valid: [String]
    let invalid: [String]

    var testDescription: String { format.name }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        for text in valid {
            #expect(format.accepts(text), "\(format.name): \(text.debugDescription)", sourceLocation: sourceLocation)
        }
        for text in invalid {
            #expect(!format.accepts(text), "\(format.name): \(text.debugDescription)", sourceLocation: sourceLocation)
        }
    }
}
