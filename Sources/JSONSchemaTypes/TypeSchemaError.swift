// SPDX-License-Identifier: Apache-2.0

/// Why no JSON Schema could be made of a Swift type. Always the programmer's to mend, never the model's.
public struct TypeSchemaError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// An enumeration whose cases cannot be listed.
        public static let cases = Code(rawValue: "cases")
        /// A type that asks which members an object has, so that they cannot be known beforehand.
        public static let members = Code(rawValue: "members")
        /// A type whose `init(from:)` refuses some values of the types that it asks for, or asks for other things
        /// depending on them.
        public static let values = Code(rawValue: "values")
        /// A type that contains itself without an end.
        public static let endless = Code(rawValue: "endless")
        /// Types nested too deeply.
        public static let depth = Code(rawValue: "depth")
        /// ``SchemaNotes`` that do not fit their type.
        public static let notes = Code(rawValue: "notes")
        /// A ``SchemaProviding`` type whose schema is of no use.
        public static let provided = Code(rawValue: "provided")
        /// The schema does not compile; `cause` is the `SchemaError`.
        public static let invalid = Code(rawValue: "invalid")
    }

    public var code: Code
    /// The type at fault.
    public var type: String
    /// The way to it from the type that the schema is for, such as `Forecast.hourly[].wind`.
    public var path: String
    /// What is wrong and what to do about it, without the path.
    public var message: String
    public var cause: (any Error)?

    public init(_ code: Code, type: String, path: String, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.type = type
        self.path = path
        self.message = message
        self.cause = cause
    }

    public var description: String { "\(path): \(message)" }
}
