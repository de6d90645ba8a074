// SPDX-License-Identifier: Apache-2.0

/// Where a parse stands when it has run into the end of the bytes or into a fault.
struct JSONParseState: Sendable {
    /// What the next byte belongs to.
    enum Phase: UInt8, Sendable {
        case value, firstElement, firstKey, key, colon, afterValue, done, string, number
    }

    let limits: JSONLimits
    var phase = Phase.value
    /// Where to read on: behind the last token that is complete, or inside a string.
    var position = 0
    /// Slots of the tape that are in use.
    var count = 0
    /// Containers that are open.
    var depth = 0

    // The string that is open.
    var isKey = false
    /// The first byte behind the opening quote.
    var stringStart = 0
    /// Behind the last byte that is decoded.
    var stringEnd = 0

    // The number that is open, which starts at `position`.
    var scanned = 0
    var grammar = JSONNumberGrammar.start

    /// What was wrong or missing.
    var fault = JSONFailure(kind: .value, offset: 0)

    init(limits: JSONLimits) { self.limits = limits }

    mutating func fail(_ kind: JSONFailure.Kind, at offset: Int) { fault = JSONFailure(kind: kind, offset: offset) }
}
