// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Why a document is not a schema that this library can enforce.
public struct SchemaError: Error, Sendable, Hashable {
    /// The keyword at fault, empty where the fault is a schema that is neither object nor boolean.
    public let keyword: String
    /// The place of the keyword, or of the schema, in the schema document.
    public let location: JSONPointer
    /// What is wrong, without the place and without a full stop.
    public let message: String

    public init(keyword: String, location: JSONPointer, message: String) {
        self.keyword = keyword
        self.location = location
        self.message = message
    }
}

extension SchemaError: CustomStringConvertible {
    /// The message with its place, such as `/properties/n/minimum: must be a number, but is "1"`.
    public var description: String { "\(location.isRoot ? "/" : location.description): \(message)" }
}
