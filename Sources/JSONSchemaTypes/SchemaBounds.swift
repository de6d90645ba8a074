// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A range as a note has it: `1...14`, `1..<15`, `1...`, `...14` or `..<15`.
public protocol SchemaBounds<Bound> {
    associatedtype Bound: Comparable
    var schemaBounds: SchemaInterval<Bound> { get }
}

/// An interval that may be open at either end.
public struct SchemaInterval<Bound: Comparable> {
    let lower: Bound?
    let upper: Bound?
    let includesUpper: Bool

    public init(from lower: Bound? = nil, to upper: Bound? = nil, includingUpper: Bool = true) {
        self.lower = lower
        self.upper = upper
        includesUpper = includingUpper
    }
}

extension SchemaInterval<Int> {
    /// The largest number in the interval.
    var last: Int? { includesUpper ? upper : upper.map { $0 == .min ? $0 : $0 - 1 } }
}

extension ClosedRange: SchemaBounds {
    public var schemaBounds: SchemaInterval<Bound> { SchemaInterval(from: lowerBound, to: upperBound) }
}

extension Range: SchemaBounds {
    public var schemaBounds: SchemaInterval<Bound> {
        SchemaInterval(from: lowerBound, to: upperBound, includingUpper: false)
    }
}

extension PartialRangeFrom: SchemaBounds {
    public var schemaBounds: SchemaInterval<Bound> { SchemaInterval(from: lowerBound) }
}

extension PartialRangeThrough: SchemaBounds {
    public var schemaBounds: SchemaInterval<Bound> { SchemaInterval(to: upperBound) }
}

extension PartialRangeUpTo: SchemaBounds {
    public var schemaBounds: SchemaInterval<Bound> { SchemaInterval(to: upperBound, includingUpper: false) }
}

/// A number that can stand in a schema.
public protocol SchemaNumeric: Comparable {
    var schemaNumber: JSONValue { get }
}

extension Int: SchemaNumeric {
    public var schemaNumber: JSONValue { .integer(Int64(self)) }
}

extension Double: SchemaNumeric {
    public var schemaNumber: JSONValue { .number(self) }
}
