// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A set of kinds of slots, one bit for each.
typealias KindSet = UInt8

extension KindSet {
    static let null: KindSet = 1
    static let `false`: KindSet = 2
    static let `true`: KindSet = 4
    static let integer: KindSet = 8
    static let number: KindSet = 16
    static let string: KindSet = 32
    static let array: KindSet = 64
    static let object: KindSet = 128
    static let every: KindSet = 255
    static let none: KindSet = 0

    @inline(__always) init(of slot: JSONSlot) { self = 1 &<< UInt8(truncatingIfNeeded: slot.tag) }
}

/// The way from one schema to another, with what can be said of an instance before going there.
struct SchemaLink {
    var node: Int32
    /// The kinds that may be valid at all.
    var types: KindSet
    /// Of these, the kinds of which more has to be checked.
    var used: KindSet

    /// Allows everything.
    static let all = SchemaLink(node: -1, types: .every, used: .none)
    static let nothing = SchemaLink(node: -1, types: .none, used: .none)

    /// A link whose kinds are filled in when all nodes are known.
    init(to node: Int32) { self.init(node: node, types: .every, used: .every) }

    init(node: Int32, types: KindSet, used: KindSet) {
        self.node = node
        self.types = types
        self.used = used
    }
}

/// A run of entries in one of the program's tables.
struct SchemaRun {
    var start: Int32 = 0
    var count: Int32 = 0

    @inline(__always) var isEmpty: Bool { count == 0 }
    @inline(__always) var indices: Range<Int> { Int(start)..<Int(start &+ count) }
}

/// One schema: which kinds it allows and where its rules for each are.
struct SchemaNode {
    var types = KindSet.every
    var used = KindSet.none
    /// Whether verdicts are remembered, for schemas that may come to one value by many ways.
    var isRemembered = false
    /// Whether a double has to be without a fraction.
    var isIntegral = false
    /// Whether it must not be a double at all, unless it is beyond 64 bits.
    var isLiteral = false
    /// In the tables of those names, -1 for none.
    var strings: Int32 = -1
    var numbers: Int32 = -1
    var arrays: Int32 = -1
    var objects: Int32 = -1
    var operations = SchemaRun()
}

/// Checks of an instance by other schemas and the like.
struct SchemaOperation {
    enum Code: UInt8 {
        /// `links[a]`: `$ref` and the branches of allOf.
        case all
        /// `links[a ..< a + b]` until linked; then `choices[a + kind]` are runs in `links`.
        case any, one
        /// As those, with `discriminators[b]` for objects.
        case anyTagged, oneTagged
        case not
        /// `if`, `then` and `else` in `links[a ..< a + 3]`.
        case condition
        /// Equality with one of `constants[a ..< a + b]`.
        case constants
        /// `trackers[a]` says what is evaluated; the rest by `links[b]`.
        case unevaluatedProperties, unevaluatedItems
    }

    var code: Code
    /// The kinds of instances for which there is something to do.
    var kinds: KindSet
    var a: Int32
    var b: Int32 = 0
}

struct SchemaStringRules {
    var minimum = 0
    var maximum = Int.max
    /// In `tables`, -1 for none: the strings allowed.
    var table: Int32 = -1
    /// In `patterns`.
    var pattern: Int32 = -1
    var format: Int32 = -1
}

/// Bounds as the least and greatest values allowed, for each way to hold a number.
struct SchemaNumberRules {
    var low = Int64.min
    var high = Int64.max
    var lowDouble = -Double.infinity
    var highDouble = Double.infinity
    /// In `divisors`, -1 for none.
    var divisor: Int32 = -1
    /// In `constants`: the numbers allowed.
    var constants = SchemaRun()
    var hasConstants = false
}

struct SchemaArrayRules {
    var minimum = 0
    var maximum = Int.max
    /// In `links`.
    var prefix = SchemaRun()
    var items = SchemaLink.all
    var contains = SchemaLink.all
    var hasContains = false
    var isUnique = false
    /// Whether elements are looked at one by one, but not by `contains`.
    var walks = false
    /// Whether the elements are arrays of which only length and kinds of elements have to be checked.
    var hasPlainRows = false
    var minContains = 1
    var maxContains = Int.max
}

struct SchemaObjectRules {
    var minimum = 0
    var maximum = Int.max
    /// In `tables`, -1 for none.
    var table: Int32 = -1
    /// In `patternLinks`.
    var patterns = SchemaRun()
    /// The bits of `NameEntry` that have to be seen.
    var required: UInt64 = 0
    var additional = SchemaLink.all
    var names = SchemaLink.all
    /// In `dependencies`.
    var dependencies = SchemaRun()
    /// In `needs`.
    var needs = SchemaRun()
    var walks = false
}

struct SchemaPatternLink {
    var pattern: Int32
    var link: SchemaLink
}

/// Where all of `trigger` was seen, all of `needed` has to be seen, and `link` applies.
struct SchemaDependency {
    var trigger: UInt64
    var needed: UInt64
    var link = SchemaLink.all
}

/// What does not fit the 64 names that a set can hold: where `trigger` is present, or always, `needed` has to be
/// present, and `link` applies.
struct SchemaNeed {
    var trigger: NameEntry?
    var needed: NameEntry?
    var link = SchemaLink.all
}

/// A property that tells which branches of anyOf or oneOf may apply. The runs are in `links`; the table's entries hold
/// theirs in `extra`.
struct SchemaDiscriminator {
    var name: NameEntry
    var table: NameTable
    var missing: SchemaRun
    var others: SchemaRun
}
