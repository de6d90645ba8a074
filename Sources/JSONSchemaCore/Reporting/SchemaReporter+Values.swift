// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaReporter {
    /// Whether the type is right. What the other keywords say of a value of the wrong type would only confuse.
    mutating func checkType(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) -> Bool {
        guard let value = lookup.value(.type) else { return true }
        let names = Set(lookup.typeNames(value))
        let slot = view[position]
        let allows: Bool
        switch slot.kind {
        case .null: allows = names.contains("null")
        case .true, .false: allows = names.contains("boolean")
        case .integer: allows = names.contains("integer") || names.contains("number")
        case .number:
            let isLiteral = lookup.reading.dialect != .draft4 || slot.number.magnitude >= 0x1p63
            let isIntegral = isLiteral && slot.number.isFinite && slot.number == slot.number.rounded(.towardZero)
            allows = names.contains("number") || isIntegral && names.contains("integer")
        case .string: allows = names.contains("string")
        case .array: allows = names.contains("array")
        case .object: allows = names.contains("object")
        }
        if allows { return true }
        report(node, .type, "must be \(ValueText.types(names)), but is \(ValueText.describe(view, position))")
        return false
    }

    mutating func checkConstants(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        let found = ValueText.describe(view, position)
        if let value = lookup.value(.const), !TapeEquality.areEqual(view, position, lookup.view, value) {
            let literal = ValueText.literal(JSONValue(lookup.view, at: value))
            report(node, .const, "must be \(literal), but is \(found)")
        }
        if let value = lookup.value(.enum) {
            let values = lookup.view.elements(of: value)
            if values.contains(where: { TapeEquality.areEqual(view, position, lookup.view, $0) }) { return }
            let choice = ValueText.choice(values.map { JSONValue(lookup.view, at: $0) })
            report(node, .enum, "must be \(choice), but is \(found)")
        }
    }

    mutating func checkNumber(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        guard let number = SchemaNumber(view[position]) else { return }
        let found = ValueText.number(number)
        if let bound = lookup.number(.minimum) {
            let isExclusive = lookup.isTrue(.exclusiveMinimum)
            let words = isExclusive ? "greater than" : "at least"
            if isExclusive ? !(bound < number) : number < bound {
                report(node, .minimum, "must be \(words) \(ValueText.number(bound)), but is \(found)")
            }
        }
        if let bound = lookup.number(.maximum) {
            let isExclusive = lookup.isTrue(.exclusiveMaximum)
            let words = isExclusive ? "less than" : "at most"
            if isExclusive ? !(number < bound) : bound < number {
                report(node, .maximum, "must be \(words) \(ValueText.number(bound)), but is \(found)")
            }
        }
        if let bound = lookup.number(.exclusiveMinimum), !(bound < number) {
            report(node, .exclusiveMinimum, "must be greater than \(ValueText.number(bound)), but is \(found)")
        }
        if let bound = lookup.number(.exclusiveMaximum), !(number < bound) {
            report(node, .exclusiveMaximum, "must be less than \(ValueText.number(bound)), but is \(found)")
        }
        if let divisor = lookup.number(.multipleOf).flatMap(SchemaDivisor.init), !divisor.divides(number) {
            report(node, .multipleOf, "must be a multiple of \(ValueText.number(divisor.number)), but is \(found)")
        }
    }

    mutating func checkString(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        let slot = view[position]
        let length = SchemaEvaluator.scalars(view.text + slot.offset, slot.length)
        if let minimum = lookup.count(.minLength), length < minimum {
            let needed = ValueText.count(minimum, "character", "characters")
            report(node, .minLength, "must have at least \(needed), but has \(length)")
        }
        if let maximum = lookup.count(.maxLength), length > maximum {
            let allowed = ValueText.count(maximum, "character", "characters")
            report(node, .maxLength, "must have at most \(allowed), but has \(length)")
        }
        let found = ValueText.quote(view.string(position))
        if let text = lookup.value(.pattern).flatMap(lookup.view.stringValue), let pattern = pattern(text) {
            switch search(pattern, position) {
            case .match: break
            case .noMatch: report(node, .pattern, "must match the pattern \(text), but is \(found)")
            case .exhausted:
                report(node, .pattern, "could not be decided within the step budget of the pattern \(text)")
            }
        }
        if let name = lookup.value(.format).flatMap(lookup.view.stringValue), lookup.asserts(name, program),
            let format = format(name), !format.accepts(view.bytes(slot))
        {
            report(node, .format, "must be \(format.expected), but is \(found)")
        }
    }
}

extension SchemaDivisor {
    func divides(_ number: SchemaNumber) -> Bool {
        switch number {
        case .integer(let value): divides(value)
        case .double(let value): divides(value)
        }
    }
}

extension SchemaLookup {
    func typeNames(_ value: Int) -> [String] {
        view[value].kind == .array ? view.elements(of: value).compactMap(view.stringValue) : [view.string(value)]
    }

    func number(_ keyword: SchemaKeyword) -> SchemaNumber? { value(keyword).flatMap { SchemaNumber(view[$0]) } }

    func isTrue(_ keyword: SchemaKeyword) -> Bool { value(keyword).map { view[$0].kind == .true } ?? false }

    /// A count; one beyond 64 bits as the largest.
    func count(_ keyword: SchemaKeyword) -> Int? {
        switch number(keyword) {
        case .integer(let value): Int(value)
        case .double(let value): Int(exactly: value) ?? .max
        case nil: nil
        }
    }

    func asserts(_ format: String, _ program: SchemaProgram) -> Bool {
        reading.vocabularies.contains(.assertion) || program.source.options.asserts(format)
    }
}
