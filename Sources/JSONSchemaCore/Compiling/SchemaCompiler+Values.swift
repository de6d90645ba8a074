// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    // MARK: Any value

    mutating func compileTypes(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        if let value = source.value(.type) { try compileType(source, value, &node) }
        var allowed: [Int]?
        if let values = try source.elements(.enum) {
            // From 2019-09 on (validation §6.1.2) a list without values only should not be; it allows nothing.
            let mayBeEmpty = source.reading.dialect >= .draft2019 && !source.reading.isLenient
            if values.isEmpty && !mayBeEmpty { throw source.error(.enum, "must have one value at least") }
            allowed = values
        }
        if let value = source.value(.const) {
            let both = allowed.map { $0.contains { TapeEquality.areEqual(source.view, $0, source.view, value) } }
            allowed = both == false ? [] : [value]
        }
        if let allowed { compileConstants(source.view, allowed, &node) }
    }

    private func compileType(_ source: SchemaSource, _ value: Int, _ node: inout SchemaNode) throws(SchemaError) {
        let view = source.view
        let names = view[value].kind == .array ? view.elements(of: value) : [value]
        var types = KindSet.none
        var isIntegral = false
        for name in names {
            switch view.stringValue(name) {
            case "null": types |= .null
            case "boolean": types |= .true | .false
            case "integer":
                if types & .number == 0 { isIntegral = true }
                types |= .integer | .number
            case "number":
                isIntegral = false
                types |= .integer | .number
            case "string": types |= .string
            case "array": types |= .array
            case "object": types |= .object
            default:
                throw source.mismatch(
                    .type, "null, boolean, integer, number, string, array or object", name)
            }
        }
        if names.isEmpty { throw source.error(.type, "must name one type at least") }
        node.types = types
        node.isIntegral = isIntegral
        // Draft 4 §3.5: an integer is a number without a fraction or exponent part.
        node.isLiteral = isIntegral && source.reading.dialect == .draft4
    }

    /// Takes the values apart by their kinds: those without parts become a set of kinds, a table and a list.
    private mutating func compileConstants(_ view: JSONTapeView, _ values: [Int], _ node: inout SchemaNode) {
        var kinds = KindSet.none
        var strings: [Int] = []
        var numbers: [Int] = []
        var containers: [Int] = []
        for value in values {
            let slot = view[value]
            switch slot.kind {
            case .null, .false, .true: kinds |= KindSet(of: slot)
            case .integer, .number:
                kinds |= .integer | .number
                numbers.append(value)
            case .string:
                kinds |= .string
                strings.append(value)
            case .array, .object:
                kinds |= KindSet(of: slot)
                containers.append(value)
            }
        }
        node.types &= kinds
        if !strings.isEmpty {
            var rules = SchemaStringRules()
            rules.table = addTable(distinct(strings, view))
            node.strings = add(rules)
        }
        if !numbers.isEmpty {
            var rules = SchemaNumberRules()
            rules.constants = addConstants(numbers, view)
            rules.hasConstants = true
            node.numbers = add(rules)
        }
        if !containers.isEmpty {
            let run = addConstants(containers, view)
            tables.operations.append(
                SchemaOperation(code: .constants, kinds: .array | .object, a: run.start, b: run.count))
        }
    }

    private mutating func addConstants(_ values: [Int], _ view: JSONTapeView) -> SchemaRun {
        let start = tables.constants.count
        for value in values { tables.constants.append(SchemaConstant(slot: view.slots + value, text: view.text)) }
        return SchemaRun(start: Int32(start), count: Int32(values.count))
    }

    /// An entry for each of the strings, once.
    func distinct(_ strings: [Int], _ view: JSONTapeView) -> [NameEntry] {
        var entries: [NameEntry] = []
        entries.reserveCapacity(strings.count)
        guard strings.count > 16 else {
            for position in strings {
                let entry = NameEntry(view.bytes(view[position]))
                if !entries.contains(where: { $0.hasSameName(as: entry) }) { entries.append(entry) }
            }
            return entries
        }
        var seen: Set<ByteKey> = []
        for position in strings where seen.insert(ByteKey(view.string(position))).inserted {
            entries.append(NameEntry(view.bytes(view[position])))
        }
        return entries
    }

    mutating func addTable(_ names: [NameEntry]) -> Int32 {
        tables.tables.append(NameTable(names, into: &tables.entries))
        return Int32(tables.tables.count - 1)
    }

    // MARK: Numbers

    mutating func compileNumbers(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = node.numbers < 0 ? SchemaNumberRules() : tables.numbers[Int(node.numbers)]
        let minimum = try source.number(.minimum)
        let maximum = try source.number(.maximum)
        if source.reading.hasBooleanExclusives {
            let excludesMinimum = try source.flag(.exclusiveMinimum)
            let excludesMaximum = try source.flag(.exclusiveMaximum)
            if let minimum { rules.raise(to: minimum, isExclusive: excludesMinimum) }
            if let maximum { rules.lower(to: maximum, isExclusive: excludesMaximum) }
        } else {
            if let minimum { rules.raise(to: minimum, isExclusive: false) }
            if let maximum { rules.lower(to: maximum, isExclusive: false) }
            if let bound = try source.number(.exclusiveMinimum) { rules.raise(to: bound, isExclusive: true) }
            if let bound = try source.number(.exclusiveMaximum) { rules.lower(to: bound, isExclusive: true) }
        }
        if let number = try source.number(.multipleOf) {
            guard let divisor = SchemaDivisor(number) else {
                throw source.error(.multipleOf, "must be greater than 0")
            }
            rules.divisor = Int32(tables.divisors.count)
            tables.divisors.append(divisor)
        }
        if node.numbers < 0 { node.numbers = add(rules) } else { tables.numbers[Int(node.numbers)] = rules }
    }

    mutating func add(_ rules: SchemaNumberRules) -> Int32 {
        tables.numbers.append(rules)
        return Int32(tables.numbers.count - 1)
    }

    // MARK: Strings

    mutating func compileStrings(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = node.strings < 0 ? SchemaStringRules() : tables.strings[Int(node.strings)]
        if let minimum = try source.count(.minLength) { rules.minimum = minimum }
        if let maximum = try source.count(.maxLength) { rules.maximum = maximum }
        if let text = try source.text(.pattern) {
            let pattern = try pattern(text, .pattern, source)
            if !tables.patterns[Int(pattern)].matchesEverything { rules.pattern = pattern }
        }
        if let name = try source.text(.format) { rules.format = format(name, source.reading) }
        if node.strings < 0 { node.strings = add(rules) } else { tables.strings[Int(node.strings)] = rules }
    }

    private mutating func add(_ rules: SchemaStringRules) -> Int32 {
        tables.strings.append(rules)
        return Int32(tables.strings.count - 1)
    }

    mutating func pattern(
        _ text: String, _ keyword: SchemaKeyword, _ source: SchemaSource
    ) throws(SchemaError) -> Int32 {
        if let known = patternIndices[ByteKey(text)] { return known }
        do {
            tables.patterns.append(try SchemaPattern(text))
        } catch {
            throw source.error(keyword, "\(ValueText.quote(text)) is not a regular expression of ECMA-262: \(error)")
        }
        let index = Int32(tables.patterns.count - 1)
        patternIndices[ByteKey(text)] = index
        return index
    }

    /// The index of a format that restricts, -1 for one that does not.
    private mutating func format(_ name: String, _ reading: SchemaReading) -> Int32 {
        guard reading.vocabularies.contains(.assertion) || registry.options.asserts(name) else { return -1 }
        if let known = formatIndices[name] { return known }
        guard let format = SchemaFormat(name) else { return -1 }
        tables.formats.append(format)
        let index = Int32(tables.formats.count - 1)
        formatIndices[name] = index
        return index
    }
}

extension NameEntry {
    func hasSameName(as other: NameEntry) -> Bool {
        first == other.first && last == other.last && length == other.length
            && (length <= 16 || other.bytes.map(middleMatches) == true)
    }
}

extension SchemaNumberRules {
    /// Raises the least value allowed, exactly for integers and for doubles.
    mutating func raise(to bound: SchemaNumber, isExclusive: Bool) {
        switch bound {
        case .integer(let value):
            if !isExclusive {
                low = max(low, value)
            } else if value == .max {
                (low, high) = (.max, .min)
            } else {
                low = max(low, value + 1)
            }
            // The double next to the bound on the allowed side.
            let rounded = Double(value)
            let isBelow = SchemaNumber.double(rounded) < bound || isExclusive && SchemaNumber.double(rounded) == bound
            lowDouble = max(lowDouble, isBelow ? rounded.nextUp : rounded)
        case .double(let value):
            lowDouble = max(lowDouble, isExclusive ? value.nextUp : value)
            if value >= 0x1p63 {
                (low, high) = (.max, .min)
            } else if value >= -0x1p63, let whole = Int64(exactly: value.rounded(isExclusive ? .down : .up)) {
                // No overflow: a double below 2^63 is at least 1024 below it.
                low = max(low, isExclusive ? whole + 1 : whole)
            }
        }
    }

    mutating func lower(to bound: SchemaNumber, isExclusive: Bool) {
        switch bound {
        case .integer(let value):
            if !isExclusive {
                high = min(high, value)
            } else if value == .min {
                (low, high) = (.max, .min)
            } else {
                high = min(high, value - 1)
            }
            let rounded = Double(value)
            let isAbove = bound < SchemaNumber.double(rounded) || isExclusive && SchemaNumber.double(rounded) == bound
            highDouble = min(highDouble, isAbove ? rounded.nextDown : rounded)
        case .double(let value):
            highDouble = min(highDouble, isExclusive ? value.nextDown : value)
            if value < -0x1p63 || isExclusive && value == -0x1p63 {
                (low, high) = (.max, .min)
            } else if value < 0x1p63, let whole = Int64(exactly: value.rounded(isExclusive ? .up : .down)) {
                high = min(high, isExclusive ? whole - 1 : whole)
            }
        }
    }
}
