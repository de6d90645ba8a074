// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A type that says more about itself than its `init(from:)` tells: what it and its properties mean, and within which
/// bounds their values lie.
///
/// ```swift
/// struct Forecast: Decodable, SchemaDescribing {
///     let city: String
///     let days: Int
///     let unit: Unit?
///     static var schemaNotes: SchemaNotes {
///         SchemaNotes("A forecast", CodingKeys.self, [
///             .city: "City name, e.g. Oslo",
///             .days: .note("How many days ahead").range(1...14),
///         ])
///     }
/// }
/// ```
///
/// The keys are the type's `CodingKeys`, those that the compiler makes too, so a property renamed is a compile error.
public protocol SchemaDescribing {
    static var schemaNotes: SchemaNotes { get }
}

/// A type that brings its own JSON Schema, instead of one found out from its `init(from:)`.
///
/// For types that check the values they decode, and for those that decode in ways no schema could be found for. Nothing
/// compares the schema with what the type decodes. A `const`, `enum`, `default` or `examples` in it gives the values
/// with which types that contain this one are probed; without these `init(from:)` gets made-up ones.
public protocol SchemaProviding {
    /// An object, or `true` for any value. References in it would be read from the root of the whole schema.
    static var jsonSchema: JSONValue { get }
}

/// What ``SchemaDescribing`` types say about themselves.
public struct SchemaNotes: Sendable {
    /// What the type means, for a model to read. A note at the place where the type is used goes before it.
    public var description: String?
    let properties: [(key: String, note: PropertyNote)]

    /// - Parameter description: what the type means.
    public init(_ description: String) {
        self.description = description
        properties = []
    }

    /// - Parameters:
    ///   - description: what the type means.
    ///   - keys: the type's `CodingKeys`.
    ///   - properties: a note for each property that needs one.
    public init<Key: CodingKey>(
        _ description: String, _ keys: Key.Type, _ properties: KeyValuePairs<Key, PropertyNote>
    ) {
        self.init(keys, properties)
        self.description = description
    }

    /// Notes on properties only.
    public init<Key: CodingKey>(_ keys: Key.Type, _ properties: KeyValuePairs<Key, PropertyNote>) {
        self.properties = properties.map { ($0.key.stringValue, $0.value) }
    }

    func note(for key: String) -> PropertyNote? { properties.first { $0.key == key }?.note }
}
