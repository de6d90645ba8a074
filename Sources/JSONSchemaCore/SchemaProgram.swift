// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The types that an instance may have.
struct TypeSet: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1)
    static let boolean = TypeSet(rawValue: 2)
    /// Numbers without a fraction, however written: `1.0` is one (2020-12 validation §6.1.1).
    static let integer = TypeSet(rawValue: 4)
    static let fraction = TypeSet(rawValue: 8)
    static let string = TypeSet(rawValue: 16)
    static let array = TypeSet(rawValue: 32)
    static let object = TypeSet(rawValue: 64)
    static let number: TypeSet = [.integer, .fraction]
    static let all = TypeSet(rawValue: 127)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of a `type` keyword's word; `nil` for another word.
    init?(name: String) {
        switch name {
        case "null": self = .null
        case "boolean": self = .boolean
        case "integer": self = .integer
        case "number": self = .number
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }

    @inline(__always) func allows(_ value: borrowing JSONValue) -> Bool {
        switch copy value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .integer: contains(.integer)
        case .number(let number):
            contains(.number) || !isDisjoint(with: .number) && contains(number.isIntegral ? .integer : .fraction)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }
}

extension Double {
    var isIntegral: Bool { isFinite && self == rounded(.towardZero) }
}

/// Indices into one of the program's tables; `none` for a keyword that is not there.
typealias SchemaIndex = Int32

extension SchemaIndex {
    static let none: SchemaIndex = -1
}

/// A run of entries in one of the program's tables.
struct SchemaRun: Sendable {
    var start: Int32 = 0
    var count: Int32 = 0

    var isEmpty: Bool { count == 0 }
    var indices: Range<Int> { Int(start)..<Int(start + count) }
}

/// One schema of the document: what it demands of any instance, and where its rules for each type are.
struct SchemaNode: Sendable {
    var types = TypeSet.all
    var isFalse = false
    /// Whether the types are all there is to check.
    var isOnlyTypes = true
    /// In `enumerations`.
    var constant = SchemaIndex.none
    var enumeration = SchemaIndex.none
    /// In the tables of those names.
    var numbers = SchemaIndex.none
    var strings = SchemaIndex.none
    var arrays = SchemaIndex.none
    var objects = SchemaIndex.none
    /// Nodes that apply to the same instance.
    var reference = SchemaIndex.none
    var allOf = SchemaRun()
    var anyOf = SchemaRun()
    var oneOf = SchemaRun()
    var not = SchemaIndex.none
    var condition = SchemaIndex.none
    var consequent = SchemaIndex.none
    var alternative = SchemaIndex.none
    var hasApplicators = false
}

/// `enum`, or `const` as an `enum` of one.
struct SchemaEnumeration: Sendable {
    let values: [JSONValue]
    /// The strings among the values.
    let strings: KeyTable
    let hasOthers: Bool

    init(_ values: [JSONValue]) {
        self.values = values
        var names: [String] = []
        for name in values.compactMap(\.stringValue) where !names.contains(where: { $0.hasSameBytes(as: name) }) {
            names.append(name)
        }
        strings = KeyTable(names)
        hasOthers = values.contains { $0.stringValue == nil }
    }

    func contains(_ value: borrowing JSONValue) -> Bool {
        if case .string(let text) = copy value { return strings.position(of: text, hint: 0) >= 0 }
        guard hasOthers else { return false }
        for candidate in values where SchemaEquality.areEqual(candidate, copy value) { return true }
        return false
    }
}

struct SchemaNumbers: Sendable {
    var minimum: SchemaNumber?
    var maximum: SchemaNumber?
    var exclusiveMinimum: SchemaNumber?
    var exclusiveMaximum: SchemaNumber?
    var multipleOf: SchemaDivisor?
}

struct SchemaStrings: Sendable {
    var minLength: Int?
    var maxLength: Int?
    var pattern: SchemaPattern?
}

struct SchemaArrays: Sendable {
    var minItems: Int?
    var maxItems: Int?
    var isUnique = false
    /// `prefixItems`, or `items` with an array: nodes in `lists`.
    var prefix = SchemaRun()
    /// The node of the elements behind the prefix.
    var items = SchemaIndex.none
    var contains = SchemaIndex.none
    var minContains = 1
    var maxContains: Int?
    var prefixKeyword = "prefixItems"
    var itemsKeyword = "items"
}

struct SchemaObjects: Sendable {
    struct Property: Sendable {
        /// `none` for a name that is only required.
        var node: SchemaIndex
        var isRequired: Bool
    }
    struct Dependency: Sendable {
        let keyword: String
        let name: String
        var required: [String]
        var node: SchemaIndex
    }

    var minProperties: Int?
    var maxProperties: Int?
    var names = KeyTable([])
    /// In step with `names`: those of `properties`, then those that are only required.
    var properties: [Property] = []
    var requiredCount = 0
    /// Positions of the properties with `const` or `enum`, when others lead deeper. They are checked first: in the
    /// branches of `anyOf` they tell what the object is, before its parts are walked for each branch.
    var discriminators: [Int] = []
    var patterns: [(pattern: SchemaPattern, node: SchemaIndex)] = []
    var additional = SchemaIndex.none
    var propertyNames = SchemaIndex.none
    var dependencies: [Dependency] = []
    /// Whether the members have to be walked.
    var walksMembers = false
}

/// A compiled schema: flat tables, so that checking an instance follows indices and allocates nothing.
final class SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    let lists: [SchemaIndex]
    let enumerations: [SchemaEnumeration]
    let numbers: [SchemaNumbers]
    let strings: [SchemaStrings]
    let arrays: [SchemaArrays]
    let objects: [SchemaObjects]
    /// By node: its place in the document, for errors only.
    let locations: [JSONPointer]
    /// By node: its `default`.
    let defaults: [SchemaIndex: JSONValue]

    init(
        nodes: [SchemaNode], lists: [SchemaIndex], enumerations: [SchemaEnumeration], numbers: [SchemaNumbers],
        strings: [SchemaStrings], arrays: [SchemaArrays], objects: [SchemaObjects], locations: [JSONPointer],
        defaults: [SchemaIndex: JSONValue]
    ) {
        self.nodes = nodes
        self.lists = lists
        self.enumerations = enumerations
        self.numbers = numbers
        self.strings = strings
        self.arrays = arrays
        self.objects = objects
        self.locations = locations
        self.defaults = defaults
    }
}
