// SPDX-License-Identifier: Apache-2.0

import JSONCore
public import JSONSchemaCore

/// How a schema says that an optional property may have no value.
public enum OptionalProperties: Sendable {
    /// The member may be missing, or `null`: all that `Decodable` accepts, so that neither costs a model a second try.
    case nullOrMissing
    /// The member may be missing.
    case missing
    /// The member must be there and may be `null`, as the strict mode of some providers wants it.
    case null
}

extension JSONSchema {
    /// Makes the schema of what `type` decodes.
    ///
    /// The type's own `init(from:)` is run with a decoder that gives made-up values and writes down what is asked for, so
    /// the schema follows `CodingKeys` and code written by hand, and works for types of other modules. It runs twice
    /// with different values; a type that refuses some or asks for other things then is an error and not a guess. A type
    /// that tries one form after another, say a number and then a string, has both. Descriptions and bounds come from
    /// ``SchemaDescribing``, whole schemas from ``SchemaProviding``.
    ///
    /// Objects allow no other members. Types are written in place, but in `$defs` when they contain themselves or are
    /// large and used more than once. An enumeration needs a raw type and `CaseIterable`, or `CodingKeys` that are
    /// `CaseIterable` when its cases hold values. What is valid decodes with `integers: .byValue` once
    /// ``filledDefaults(in:)`` has been through it, but for what no schema says: integers beyond 64 bits, ranges whose
    /// bounds are in the wrong order, formats.
    ///
    /// Takes 10 to 200 microseconds: keep the schema where it is used often.
    ///
    /// - Throws: ``TypeSchemaError``.
    public init<Value: Decodable>(
        for type: Value.Type, optionals: OptionalProperties = .nullOrMissing
    ) throws {
        let path = TypeProber.shortName(of: type)
        let document = try Self.document(for: type, optionals, path)
        do {
            try self.init(.object(document), options: .assertingFormats)
        } catch {
            throw TypeSchemaError(
                .invalid, type: path, path: path, "the schema does not compile: \(error)", cause: error)
        }
    }

    private static func document<Value: Decodable>(
        for type: Value.Type, _ optionals: OptionalProperties, _ path: String
    ) throws -> JSONObject {
        let prober = TypeProber()
        let node = try prober.resolve(type, path: path).node
        if let failure = prober.failure { throw failure }
        return try SchemaRenderer.schema(of: node, entries: prober.entries, optionals: optionals, path: path)
    }

    /// A name for the schema of `type` that every provider accepts: the type's own with `_` for what is not a letter,
    /// a digit, `_` or `-`, 64 bytes at most.
    public static func name(for type: Any.Type) -> String { TypeProber.shortName(of: type).asSchemaName }
}
