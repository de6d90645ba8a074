// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Whether an instance is valid, and nothing about why.
struct SchemaEvaluator {
    /// Why a verdict is not known. It counts as not valid.
    enum Undecided: UInt8 { case no, pattern, depth }

    /// How many containers and combinations of schemas may be open at once. At most 300 bytes of stack each, so
    /// that the small stacks of threads suffice.
    static let depthLimit: Int32 = 1200

    let nodes: UnsafePointer<SchemaNode>
    let links: UnsafePointer<SchemaLink>
    let operations: UnsafePointer<SchemaOperation>
    let tables: UnsafePointer<NameTable>
    let entries: UnsafePointer<NameEntry>
    let objects: UnsafePointer<SchemaObjectRules>
    let arrays: UnsafePointer<SchemaArrayRules>
    let strings: UnsafePointer<SchemaStringRules>
    let numbers: UnsafePointer<SchemaNumberRules>
    let patterns: UnsafePointer<SchemaPattern>
    let text: UnsafePointer<UInt8>
    let slots: UnsafePointer<JSONSlot>
    let program: Unmanaged<SchemaProgram>
    var remaining = Self.depthLimit
    var undecided = Undecided.no
    var memory = SchemaMemory()

    /// - Parameters: both must outlive the evaluator.
    init(_ program: SchemaProgram, _ view: JSONTapeView) {
        nodes = UnsafePointer(program.nodes.start)
        links = UnsafePointer(program.links.start)
        operations = UnsafePointer(program.operations.start)
        tables = UnsafePointer(program.tables.start)
        entries = UnsafePointer(program.entries.start)
        objects = UnsafePointer(program.objects.start)
        arrays = UnsafePointer(program.arrays.start)
        strings = UnsafePointer(program.strings.start)
        numbers = UnsafePointer(program.numbers.start)
        patterns = UnsafePointer(program.patterns.start)
        text = view.text
        slots = view.slots
        self.program = Unmanaged.passUnretained(program)
    }

    @inline(__always) mutating func accepts(_ link: SchemaLink, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let kind = KindSet(of: slot.pointee)
        if link.types & kind == 0 { return false }
        if link.used & kind == 0 { return true }
        return evaluate(link.node, slot)
    }

    /// Evaluates a node that allows the kind of the instance and has more to check. Only hands over, so that it needs
    /// no room on the stack.
    @inline(never) mutating func evaluate(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let node = nodes + Int(index)
        if node.pointee.isRemembered { return recall(index, slot) }
        if node.pointee.operations.count > 0 { return acceptsAll(node, slot) }
        switch slot.pointee.kind {
        case .string: return acceptsString(node.pointee.strings, slot)
        case .integer: return acceptsInteger(node.pointee.numbers, slot)
        case .number: return acceptsDouble(node, slot)
        case .object: return acceptsObject(node.pointee.objects, slot)
        case .array: return acceptsArray(node.pointee.arrays, slot)
        case .null, .false, .true: return true
        }
    }

    /// The rules for the kind of the instance, if there are any, then the operations.
    @inline(never) private mutating func acceptsAll(
        _ node: UnsafePointer<SchemaNode>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        acceptsByRules(node, slot)
            && (node.pointee.operations.count == 0 || acceptsOperations(node.pointee.operations, slot))
    }

    @inline(__always) private mutating func acceptsByRules(
        _ node: UnsafePointer<SchemaNode>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        switch slot.pointee.kind {
        case .string: node.pointee.strings < 0 || acceptsString(node.pointee.strings, slot)
        case .integer: node.pointee.numbers < 0 || acceptsInteger(node.pointee.numbers, slot)
        case .number: acceptsDouble(node, slot)
        case .object: node.pointee.objects < 0 || acceptsObject(node.pointee.objects, slot)
        case .array: node.pointee.arrays < 0 || acceptsArray(node.pointee.arrays, slot)
        case .null, .false, .true: true
        }
    }

    /// Evaluates through the memory of verdicts on values with parts.
    @inline(never) private mutating func recall(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let node = nodes + Int(index)
        if KindSet(of: slot.pointee) & (.array | .object) == 0 { return acceptsAll(node, slot) }
        let position = slot - slots
        if let known = memory.verdict(index, position) { return known }
        let result = acceptsAll(node, slot)
        memory.remember(result, index, position)
        return result
    }

    // MARK: Values without parts

    @inline(never) private mutating func acceptsString(_ rules: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let rules = strings + Int(rules)
        let length = slot.pointee.length
        let bytes = text + slot.pointee.offset
        if length < rules.pointee.minimum { return false }
        if length > rules.pointee.maximum || (length &+ 3) &>> 2 < rules.pointee.minimum {
            // Lengths count Unicode scalars (2020-12 validation §6.3.1), of which each has one to four bytes.
            let count = Self.scalars(bytes, length)
            if count < rules.pointee.minimum || count > rules.pointee.maximum { return false }
        }
        if rules.pointee.table >= 0,
            tables[Int(rules.pointee.table)].find(NameKey(bytes, length), bytes, in: entries) == nil
        {
            return false
        }
        if rules.pointee.pattern >= 0, !matches(rules.pointee.pattern, bytes, length) { return false }
        return rules.pointee.format < 0 || acceptsFormat(rules.pointee.format, slot)
    }

    static func scalars(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int {
        var count = 0
        for offset in 0..<length where bytes[offset] & 0xC0 != 0x80 { count &+= 1 }
        return count
    }

    /// A search that is given up counts as none, and leaves the whole verdict open.
    @inline(__always) mutating func matches(_ pattern: Int32, _ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        let verdict = patterns[Int(pattern)].search(UnsafeBufferPointer(start: bytes, count: length))
        if verdict == .match { return true }
        if verdict == .exhausted { undecided = .pattern }
        return false
    }

    @inline(never) private mutating func acceptsFormat(_ format: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let bytes = UnsafeBufferPointer(start: text + slot.pointee.offset, count: slot.pointee.length)
        return program._withUnsafeGuaranteedRef { $0.formats.start[Int(format)].accepts(bytes) }
    }

    @inline(never) private mutating func acceptsInteger(_ rules: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let rules = numbers + Int(rules)
        let value = slot.pointee.integer
        if value < rules.pointee.low || value > rules.pointee.high { return false }
        if rules.pointee.divisor >= 0, !divides(rules.pointee.divisor, value) { return false }
        return !rules.pointee.hasConstants || isConstant(rules.pointee.constants, slot)
    }

    @inline(never) private mutating func divides(_ divisor: Int32, _ value: Int64) -> Bool {
        program._withUnsafeGuaranteedRef { $0.divisors.start[Int(divisor)].divides(value) }
    }

    @inline(never) private mutating func acceptsDouble(
        _ node: UnsafePointer<SchemaNode>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let value = slot.pointee.number
        // 2020-12 validation §6.1.1: 1.0 is an integer.
        if node.pointee.isIntegral {
            if value != value.rounded(.towardZero) || !value.isFinite { return false }
            if node.pointee.isLiteral, value.magnitude < 0x1p63 { return false }
        }
        if node.pointee.numbers < 0 { return true }
        let rules = numbers + Int(node.pointee.numbers)
        if value < rules.pointee.lowDouble || value > rules.pointee.highDouble { return false }
        if rules.pointee.divisor >= 0, !divides(rules.pointee.divisor, value) { return false }
        return !rules.pointee.hasConstants || isConstant(rules.pointee.constants, slot)
    }

    @inline(never) private mutating func divides(_ divisor: Int32, _ value: Double) -> Bool {
        program._withUnsafeGuaranteedRef { $0.divisors.start[Int(divisor)].divides(value) }
    }

    /// Whether the instance equals one of the constants.
    @inline(never) mutating func isConstant(_ run: SchemaRun, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let constants = program._withUnsafeGuaranteedRef { $0.constants.start }
        for index in run.indices {
            let constant = constants[index]
            if TapeEquality.areEqual(slot, text, constant.slot, constant.text) { return true }
        }
        return false
    }

    /// Notes that there is no more room to go deeper.
    @inline(never) mutating func giveUp() -> Bool {
        undecided = .depth
        return false
    }
}
