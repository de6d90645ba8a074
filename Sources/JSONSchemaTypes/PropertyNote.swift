// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What is known of a property beyond its type. A string literal is a note with that description.
///
/// ```swift
/// .days: .note("How many days ahead").range(1...14).default(3)
/// ```
public struct PropertyNote: Sendable, Equatable, ExpressibleByStringLiteral {
    /// `title` and `description`, which come before the type.
    private(set) var heading = JSONObject()
    /// All other keywords.
    private(set) var keywords = JSONObject()
    private(set) var element: Nested?

    /// Boxed, because a note cannot hold a note directly.
    struct Nested: Equatable {
        private let notes: [PropertyNote]
        init(_ note: PropertyNote) { notes = [note] }
        var note: PropertyNote { notes[0] }
    }

    private init() {}

    public init(stringLiteral description: String) { self = .note(description) }

    /// A note with a description, for a model to read.
    public static func note(_ description: String) -> Self {
        var note = Self()
        note.heading["description"] = .string(description)
        return note
    }

    public static func title(_ title: String) -> Self { Self().title(title) }
    public static func range<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound: SchemaNumeric {
        Self().range(bounds)
    }
    public static func length<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound == Int {
        Self().length(bounds)
    }
    public static func count<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound == Int {
        Self().count(bounds)
    }
    public static func pattern(_ pattern: String) -> Self { Self().pattern(pattern) }
    public static func format(_ format: StringFormat) -> Self { Self().format(format) }
    public static func items(_ note: PropertyNote) -> Self { Self().items(note) }
    public static func examples(_ examples: JSONValue...) -> Self { Self().setting("examples", .array(examples)) }
    public static func `default`(_ value: JSONValue) -> Self { Self().default(value) }
    public static var unique: Self { Self().unique }

    public func title(_ title: String) -> Self {
        var note = self
        note.heading = JSONObject([("title", .string(title))] + heading.members.map { ($0.key, $0.value) })
        return note
    }

    /// The bounds of a number: `1...14`, `0...`, `...100`, and `..<1` where the upper bound is not included.
    public func range<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound: SchemaNumeric {
        let bounds = bounds.schemaBounds
        let upper = bounds.includesUpper ? "maximum" : "exclusiveMaximum"
        return setting("minimum", bounds.lower?.schemaNumber).setting(upper, bounds.upper?.schemaNumber)
    }

    /// For a number that is greater than `bound`, which no Swift range can say.
    public func greater(than bound: some SchemaNumeric) -> Self { setting("exclusiveMinimum", bound.schemaNumber) }

    public func multiple(of number: some SchemaNumeric) -> Self { setting("multipleOf", number.schemaNumber) }

    /// How many Unicode scalars a string may have.
    public func length<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound == Int {
        let bounds = bounds.schemaBounds
        return setting("minLength", bounds.lower?.schemaNumber).setting("maxLength", bounds.last?.schemaNumber)
    }

    /// How many elements an array may have.
    public func count<Bounds: SchemaBounds>(_ bounds: Bounds) -> Self where Bounds.Bound == Int {
        let bounds = bounds.schemaBounds
        return setting("minItems", bounds.lower?.schemaNumber).setting("maxItems", bounds.last?.schemaNumber)
    }

    /// A regular expression of ECMA-262 that matches somewhere in the string; write `^…$` for the whole string.
    public func pattern(_ pattern: String) -> Self { setting("pattern", .string(pattern)) }

    /// What a string stands for. Models and providers heed it; it is not checked.
    public func format(_ format: StringFormat) -> Self { setting("format", .string(format.rawValue)) }

    /// What is known of the elements of an array, or of the values of a dictionary.
    public func items(_ note: PropertyNote) -> Self {
        var copy = self
        copy.element = Nested(note)
        return copy
    }

    /// No two elements are equal.
    public var unique: Self { setting("uniqueItems", true) }

    /// What is meant when the member is missing, which it then may be. `JSONSchema.filledDefaults(in:)` puts it in;
    /// a tool's arguments and typed answers have it already.
    public func `default`(_ value: JSONValue) -> Self { setting("default", value) }

    /// Values that show what is meant. They must decode; types that check their values are probed with them.
    public func examples(_ examples: JSONValue...) -> Self { setting("examples", .array(examples)) }

    private func setting(_ keyword: String, _ value: JSONValue?) -> Self {
        guard let value else { return self }
        // An infinite bound is none.
        if case .number(let number) = value, !number.isFinite { return self }
        var note = self
        note.keywords[keyword] = value
        return note
    }
}

extension PropertyNote {
    /// A value of `format`; an open set.
    public struct StringFormat: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public init(stringLiteral value: String) { rawValue = value }

        public static let dateTime: Self = "date-time"
        public static let date: Self = "date"
        public static let time: Self = "time"
        public static let duration: Self = "duration"
        public static let email: Self = "email"
        public static let hostname: Self = "hostname"
        public static let uri: Self = "uri"
        public static let ipv4: Self = "ipv4"
        public static let ipv6: Self = "ipv6"
        public static let uuid: Self = "uuid"
    }
}
