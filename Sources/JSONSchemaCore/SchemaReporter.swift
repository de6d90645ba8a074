// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The full answer: every fault of an instance, in the order of the instance.
struct SchemaReporter {
    let program: SchemaProgram
    let limit: Int
    private(set) var errors: [ValidationError] = []
    var place = JSONPointer()
    /// How many choices this report is inside of.
    var choices = 0

    init(program: SchemaProgram, limit: Int) {
        self.program = program
        self.limit = limit
    }

    mutating func report(_ index: SchemaIndex, _ keyword: String, _ message: String) {
        let location = program.locations[Int(index)]
        let isFalse = keyword == "false"
        add(
            ValidationError(
                instanceLocation: place, keyword: keyword,
                keywordLocation: isFalse ? location : location.appending(keyword), message: message))
    }

    mutating func add(_ error: ValidationError) {
        if errors.count < limit { errors.append(error) }
    }

    mutating func check(_ value: JSONValue, by index: SchemaIndex) {
        if errors.count >= limit { return }
        let node = program.nodes[Int(index)]
        if node.isFalse { return report(index, "false", "no value is allowed here") }
        if !node.types.allows(value) {
            // What the other keywords say of a value of the wrong type would only confuse.
            let types = ValueText.types(node.types)
            return report(index, "type", "must be \(types), but is \(ValueText.describe(value))")
        }
        checkEnumerations(value, node, index)
        switch value {
        case .integer(let number): checkNumber(.integer(number), node, index)
        case .number(let number): checkNumber(.double(number), node, index)
        case .string(let text): checkString(text, node, index)
        case .array(let elements): checkArray(elements, node, index)
        case .object(let object): checkObject(object, node, index)
        case .null, .bool: break
        }
        if node.hasApplicators { checkApplicators(value, node, index) }
    }

    /// Checks a part of the present value.
    mutating func check(_ value: JSONValue, at token: String, by index: SchemaIndex) {
        place.append(token)
        check(value, by: index)
        place.removeLast()
    }

    private mutating func checkEnumerations(_ value: JSONValue, _ node: SchemaNode, _ index: SchemaIndex) {
        let found = ValueText.describe(value)
        if node.constant >= 0, case let rule = program.enumerations[Int(node.constant)], !rule.contains(value) {
            report(index, "const", "must be \(rule.values.map(ValueText.literal).joined()), but is \(found)")
        }
        if node.enumeration >= 0, case let rule = program.enumerations[Int(node.enumeration)], !rule.contains(value) {
            let shown = rule.values.prefix(20).map(ValueText.literal).joined(separator: ", ")
            let rest = rule.values.count > 20 ? " and \(rule.values.count - 20) others" : ""
            let choice = rule.values.count == 1 ? shown : "one of \(shown)\(rest)"
            report(index, "enum", "must be \(choice), but is \(found)")
        }
    }

    private mutating func checkNumber(_ number: SchemaNumber, _ node: SchemaNode, _ index: SchemaIndex) {
        guard node.numbers >= 0 else { return }
        let rules = program.numbers[Int(node.numbers)]
        let found = ValueText.number(number)
        if let bound = rules.minimum, number < bound {
            report(index, "minimum", "must be at least \(ValueText.number(bound)), but is \(found)")
        }
        if let bound = rules.maximum, bound < number {
            report(index, "maximum", "must be at most \(ValueText.number(bound)), but is \(found)")
        }
        if let bound = rules.exclusiveMinimum, !(bound < number) {
            report(index, "exclusiveMinimum", "must be greater than \(ValueText.number(bound)), but is \(found)")
        }
        if let bound = rules.exclusiveMaximum, !(number < bound) {
            report(index, "exclusiveMaximum", "must be less than \(ValueText.number(bound)), but is \(found)")
        }
        if let divisor = rules.multipleOf, !divisor.divides(number) {
            report(index, "multipleOf", "must be a multiple of \(ValueText.number(divisor.number)), but is \(found)")
        }
    }

    private mutating func checkString(_ text: String, _ node: SchemaNode, _ index: SchemaIndex) {
        guard node.strings >= 0 else { return }
        let rules = program.strings[Int(node.strings)]
        if let minimum = rules.minLength, !SchemaStrings.hasScalars(text, atLeast: minimum) {
            let needed = ValueText.count(minimum, "character", "characters")
            report(index, "minLength", "must have at least \(needed), but has \(text.unicodeScalars.count)")
        }
        if let maximum = rules.maxLength, !SchemaStrings.hasScalars(text, atMost: maximum) {
            let allowed = ValueText.count(maximum, "character", "characters")
            report(index, "maxLength", "must have at most \(allowed), but has \(text.unicodeScalars.count)")
        }
        if let pattern = rules.pattern, !pattern.matches(text) {
            report(index, "pattern", "must match the pattern \(pattern.text), but is \(ValueText.quote(text))")
        }
    }
}
