// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A JSON Schema, compiled once and checked often.
///
/// Drafts 4, 6, 7, 2019-09 and 2020-12 in full, by `$schema`, and by ``SchemaOptions/defaultDialect`` without it; then
/// the array form of `items`, `additionalItems` and `dependencies` of older drafts are understood in newer ones as
/// well. References lead into the document, into the documents that are given, and into the drafts' metaschemas, which
/// are built in. Nothing is ever fetched. Annotations such as `title` and `default` do not restrict anything, nor does
/// `format` unless the options say so, and keywords that no draft knows are ignored, as the drafts demand.
///
/// Numbers compare by their mathematical value, so `1.0` is an integer and equal to `1`, and `multipleOf` is exact in
/// decimal. Lengths count Unicode scalars. A `pattern` may match anywhere in the string; one that cannot be decided
/// within its budget of steps counts as not matching. An instance nested so deeply that checking it would need more
/// than about 1200 open containers and combinations of schemas is not valid either.
public struct JSONSchema: Sendable {
    /// How many errors ``validate(_:limit:)-(JSONValue,_)`` gives at most unless it is told otherwise.
    public static let defaultErrorLimit = 32

    public let document: JSONValue
    let program: SchemaProgram
    private let defaults: SchemaDefaults

    /// Compiles a schema.
    ///
    /// - Throws: ``SchemaError`` for a keyword with a malformed value, a reference that leads nowhere or into a
    ///   document that is not given, and a schema that refers to itself without going into the instance.
    public init(_ document: JSONValue, options: SchemaOptions = SchemaOptions()) throws(SchemaError) {
        self.document = document
        program = try SchemaCompiler.compile(document, options: options)
        defaults = SchemaDefaultsBuilder.build(program.source, root: Int32(program.rootNode))
    }

    /// Whether `instance` is valid.
    public func isValid(_ instance: JSONValue) -> Bool { isValid(JSONTape(instance)) }

    /// Whether the document on `tape` is valid. Allocates nothing but for `uniqueItems` of more than 12 elements, for
    /// patterns that need a search, and for schemas that come to one value by several ways.
    public func isValid(_ tape: borrowing JSONTape) -> Bool {
        tape.withView { verdict($0) == .valid }
    }

    private enum Verdict { case valid, invalid, tooDeep }

    @inline(__always) private func verdict(_ view: JSONTapeView) -> Verdict {
        var evaluator = SchemaEvaluator(program, view)
        let accepts = evaluator.accepts(program.root, view.slots)
        evaluator.memory.deallocate()
        if evaluator.undecided == .depth { return .tooDeep }
        return accepts && evaluator.undecided == .no ? .valid : .invalid
    }

    /// The faults of `instance`, in the order of the instance: those of a value before those of its parts. Of a value
    /// of the wrong type only that is told.
    ///
    /// - Parameter limit: how many faults to give at most; default ``defaultErrorLimit``.
    /// - Returns: an empty array when `instance` is valid.
    public func validate(_ instance: JSONValue, limit: Int = defaultErrorLimit) -> [ValidationError] {
        validate(JSONTape(instance), limit: limit)
    }

    /// The faults of the document on `tape`, as for a value.
    public func validate(_ tape: borrowing JSONTape, limit: Int = defaultErrorLimit) -> [ValidationError] {
        tape.withView { view in
            switch verdict(view) {
            case .valid: return []
            case .invalid: return SchemaReporter.errors(of: view, by: program, limit: max(1, limit))
            // Looking closer would find no end either.
            case .tooDeep: return [SchemaReporter.depthError(program, view)]
            }
        }
    }

    /// The verdict in the format that 2020-12 core §12.4.2 calls basic: an object with `valid` and, when that is
    /// false, `errors`, each with `keywordLocation`, `absoluteKeywordLocation`, `instanceLocation` and `error`.
    ///
    /// - Parameter limit: how many errors to give at most; default ``defaultErrorLimit``.
    public func basicOutput(_ instance: JSONValue, limit: Int = defaultErrorLimit) -> JSONValue {
        let errors = validate(instance, limit: limit)
        if errors.isEmpty { return ["valid": true] }
        let units = errors.map { error -> JSONValue in
            [
                "keywordLocation": .string(error.evaluationPath.description),
                "absoluteKeywordLocation": .string(error.absoluteKeywordLocation),
                "instanceLocation": .string(error.instanceLocation.description),
                "error": .string(error.message),
            ]
        }
        return ["valid": false, "errors": .array(units)]
    }

    /// `instance` with the `default` of each missing property, at any depth that `properties`, `items`, `prefixItems`
    /// and `$ref` lead to; not through `allOf`, `anyOf` and the like, where it is open what applies.
    ///
    /// New properties come behind those that are there. A default that is an object is filled in itself, to 100 defaults
    /// within one another. Nothing is validated: a schema's default may break the schema.
    public func filledDefaults(in instance: JSONValue) -> JSONValue {
        defaults.filled(instance)
    }
}

extension JSONSchema {
    /// As ``validate(_:limit:)-(JSONValue,_)``, without the fast evaluator where that is possible; for comparing both.
    package func validateIndependently(_ instance: JSONValue) -> [ValidationError] {
        let tape = JSONTape(instance)
        return tape.withView { SchemaReporter.errors(of: $0, by: program, limit: 1000, isIndependent: true) }
    }
}
