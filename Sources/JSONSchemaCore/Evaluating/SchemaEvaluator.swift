// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Whether an instance is valid, and nothing about why.
struct SchemaEvaluator {
    /// Why a verdict is not known. It counts as not valid.
    enum Undecided: UInt8 { case no, pattern, depth }

    /// How many containers and combinations of schemas may be open at once. At most about 200 bytes of stack each, so
    /// that the small stacks of threads suffice.
    static let depthLimit: Int32 = 1400

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

    /// Evaluates a node that allows the kind of the instance and has more to check.
    mutating func evaluate(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let node = nodes + Int(index)
        switch slot.pointee.kind {
        case .string:
            if node.pointee.strings >= 0, !acceptsString(node.pointee.strings, slot) { return false }
        case .integer:
            if node.pointee.numbers >= 0, !acceptsInteger(node.pointee.numbers, slot) { return false }
        case .number:
            if !acceptsDouble(node, slot) { return false }
        case .object:
            if node.pointee.isRemembered { return recall(index, slot) }
            if node.pointee.objects >= 0, !acceptsObject(node.pointee.objects, slot) { return false }
        case .array:
            if node.pointee.isRemembered { return recall(index, slot) }
            if node.pointee.arrays >= 0, !acceptsArray(node.pointee.arrays, slot) { return false }
        case .null, .false, .true: break
        }
        return node.pointee.operations.count == 0 || acceptsOperations(node.pointee.operations, slot)
    }

    /// Evaluates through the memory of verdicts.
    @inline(never) private mutating func recall(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let position = slot - slots
        if let known = memory.verdict(index, position) { return known }
        let node = nodes + Int(index)
        var result = true
        if slot.pointee.kind == .object {
            if node.pointee.objects >= 0 { result = acceptsObject(node.pointee.objects, slot) }
        } else if node.pointee.arrays >= 0 {
            result = acceptsArray(node.pointee.arrays, slot)
        }
        if result, node.pointee.operations.count > 0 { result = acceptsOperations(node.pointee.operations, slot) }
        memory.remember(result, index, position)
        return result
    }

    // MARK: Values without parts

    @inline(__always) private mutating func acceptsString(_ rules: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
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

    @inline(never) private func acceptsFormat(_ format: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let bytes = UnsafeBufferPointer(start: text + slot.pointee.offset, count: slot.pointee.length)
        return program._withUnsafeGuaranteedRef { $0.formats.start[Int(format)].accepts(bytes) }
    }

    @inline(__always) private func acceptsInteger(_ rules: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        let rules = numbers + Int(rules)
        let value = slot.pointee.integer
        if value < rules.pointee.low || value > rules.pointee.high { return false }
        if rules.pointee.divisor >= 0, !divides(rules.pointee.divisor, value) { return false }
        return !rules.pointee.hasConstants || isConstant(rules.pointee.constants, slot)
    }

    @inline(never) private func divides(_ divisor: Int32, _ value: Int64) -> Bool {
        program._withUnsafeGuaranteedRef { $0.divisors.start[Int(divisor)].divides(value) }
    }

    @inline(__always) private func acceptsDouble(
        _ node: UnsafePointer<SchemaNode>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let value = slot.pointee.number
        // 2020-12 validation §6.1.1: 1.0 is an integer.
        if node.pointee.isIntegral, value != value.rounded(.towardZero) || !value.isFinite { return false }
        if node.pointee.numbers < 0 { return true }
        let rules = numbers + Int(node.pointee.numbers)
        if value < rules.pointee.lowDouble || value > rules.pointee.highDouble { return false }
        if rules.pointee.divisor >= 0, !divides(rules.pointee.divisor, value) { return false }
        return !rules.pointee.hasConstants || isConstant(rules.pointee.constants, slot)
    }

    @inline(never) private func divides(_ divisor: Int32, _ value: Double) -> Bool {
        program._withUnsafeGuaranteedRef { $0.divisors.start[Int(divisor)].divides(value) }
    }

    /// Whether the instance equals one of the constants.
    @inline(never) func isConstant(_ run: SchemaRun, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        program._withUnsafeGuaranteedRef { program in
            for index in run.indices {
                let constant = program.constants.start[index]
                if TapeEquality.areEqual(slot, text, constant.slot, constant.text) { return true }
            }
            return false
        }
    }

    /// Notes that there is no more room to go deeper.
    @inline(never) mutating func giveUp() -> Bool {
        undecided = .depth
        return false
    }
}
