// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A JSON Schema, compiled once and checked often.
///
/// Drafts 4, 6, 7, 2019-09 and 2020-12, by `$schema`; without it 2020-12, where the array form of `items`,
/// `additionalItems` and `dependencies` of older drafts are understood as well. References lead into the same
/// document: by JSON Pointer, by anchor, recursively too. Not supported, and refused rather than ignored, are
/// `$dynamicRef`, `$recursiveRef`, `unevaluatedItems`, `unevaluatedProperties`, references into other documents and
/// `$id` below the root. Annotations such as `title`, `default` and `format` do not restrict anything, and keywords that
/// no draft knows are ignored, as the drafts demand.
///
/// Numbers compare by their mathematical value, so `1.0` is an integer and equal to `1`, and `multipleOf` is exact in
/// decimal. Lengths count Unicode scalars. A `pattern` may match anywhere in the string; one with nested repetition can
/// take time exponential in the string's length.
public struct JSONSchema: Sendable {
    /// How many errors ``validate(_:limit:)`` gives at most unless it is told otherwise.
    public static let defaultErrorLimit = 32

    public let document: JSONValue
    private let program: SchemaProgram

    /// Compiles a schema.
    ///
    /// - Throws: ``SchemaError`` for a keyword with a malformed value or one that cannot be enforced.
    public init(_ document: JSONValue) throws(SchemaError) {
        self.document = document
        program = try SchemaCompiler.compile(document)
    }

    /// Whether `instance` is valid. Allocates nothing when it is, but for patterns that need a search, `uniqueItems` of
    /// more than 24 elements and `multipleOf` of long fractions.
    public func isValid(_ instance: JSONValue) -> Bool { program.accepts(instance, by: 0) }

    /// The faults of `instance`, in the order of the instance: those of a value before those of its parts. Of a value
    /// of the wrong type only that is told.
    ///
    /// - Parameter limit: how many faults to give at most; default ``defaultErrorLimit``.
    /// - Returns: an empty array when `instance` is valid.
    public func validate(_ instance: JSONValue, limit: Int = defaultErrorLimit) -> [ValidationError] {
        if isValid(instance) { return [] }
        var reporter = SchemaReporter(program: program, limit: max(1, limit))
        reporter.check(instance, by: 0)
        return reporter.errors
    }

    /// `instance` with the `default` of each missing property, at any depth that `properties`, `items`, `prefixItems`
    /// and `$ref` lead to; not through `allOf`, `anyOf` and the like, where it is open what applies.
    ///
    /// New properties come behind those that are there. A default that is an object is filled in itself. Nothing is
    /// validated: a schema's default may break the schema.
    public func filledDefaults(in instance: JSONValue) -> JSONValue {
        program.defaults.isEmpty ? instance : program.filled(instance, by: 0, inserting: [])
    }
}
