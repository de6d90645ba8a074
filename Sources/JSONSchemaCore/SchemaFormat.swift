// SPDX-License-Identifier: Apache-2.0

/// A `format` that restricts strings.
struct SchemaFormat: Sendable {
    let name: String

    /// `nil` for a format that is not known.
    init?(_ name: String) { return nil }

    func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { true }

    /// What a string has to be, as a noun phrase.
    var expected: String { "a string of the format \(name)" }
}
