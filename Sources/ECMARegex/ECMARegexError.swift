// SPDX-License-Identifier: Apache-2.0

/// Why a pattern was refused.
public struct ECMARegexError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the offending text begins, in bytes of the pattern's UTF-8.
    public let offset: Int
    /// What was expected, what came, and what to write instead where that is known.
    public let message: String

    public var description: String { "offset \(offset): \(message)" }

    init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}
