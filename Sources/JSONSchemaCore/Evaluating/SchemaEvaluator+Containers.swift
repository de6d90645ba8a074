// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaEvaluator {
    // MARK: Objects

    @inline(never) mutating func acceptsObject(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        if remaining <= 0 { return giveUp() }
        remaining &-= 1
        defer { remaining &+= 1 }
        let rules = objects + Int(index)
        let count = slot.pointee.length
        if count < rules.pointee.minimum || count > rules.pointee.maximum { return false }
        var seen: UInt64 = 0
        if rules.pointee.table >= 0 {
            if !acceptsKnownMembers(rules, slot, &seen) { return false }
            if seen & rules.pointee.required != rules.pointee.required { return false }
        } else if !rules.pointee.additional.isAll || rules.pointee.patterns.count > 0 {
            if !acceptsOtherMembers(rules, slot) { return false }
        }
        if !rules.pointee.names.isAll, !acceptsNames(rules, slot) { return false }
        if rules.pointee.dependencies.count > 0, !acceptsDependencies(rules, slot, seen) { return false }
        return rules.pointee.needs.count == 0 || acceptsNeeds(rules, slot)
    }

    @inline(__always) private mutating func acceptsKnownMembers(
        _ rules: UnsafePointer<SchemaObjectRules>, _ slot: UnsafePointer<JSONSlot>, _ seen: inout UInt64
    ) -> Bool {
        let table = tables + Int(rules.pointee.table)
        let entries = entries
        let text = text
        var name = slot + 1
        for _ in 0..<slot.pointee.length {
            let bytes = text + name.pointee.offset
            let length = name.pointee.length
            let value = name + 1
            if let entry = table.pointee.find(NameKey(bytes, length), bytes, in: entries) {
                seen |= entry.pointee.bits
                if !accepts(entry.pointee.link, value) { return false }
                if entry.pointee.extra.count > 0, !acceptsAll(entry.pointee.extra, value) { return false }
            } else if rules.pointee.patterns.count > 0 {
                if !acceptsByPatterns(rules, bytes, length, value) { return false }
            } else if !accepts(rules.pointee.additional, value) {
                return false
            }
            name = value + value.pointee.extent
        }
        return true
    }

    @inline(never) private mutating func acceptsOtherMembers(
        _ rules: UnsafePointer<SchemaObjectRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let hasPatterns = rules.pointee.patterns.count > 0
        var name = slot + 1
        for _ in 0..<slot.pointee.length {
            let value = name + 1
            if hasPatterns {
                let bytes = text + name.pointee.offset
                if !acceptsByPatterns(rules, bytes, name.pointee.length, value) { return false }
            } else if !accepts(rules.pointee.additional, value) {
                return false
            }
            name = value + value.pointee.extent
        }
        return true
    }

    @inline(never) mutating func acceptsAll(_ run: SchemaRun, _ value: UnsafePointer<JSONSlot>) -> Bool {
        for index in run.indices where !accepts(links[index], value) { return false }
        return true
    }

    @inline(never) private mutating func acceptsByPatterns(
        _ rules: UnsafePointer<SchemaObjectRules>, _ bytes: UnsafePointer<UInt8>, _ length: Int,
        _ value: UnsafePointer<JSONSlot>
    ) -> Bool {
        if remaining <= 0 { return giveUp() }
        remaining &-= 1
        defer { remaining &+= 1 }
        let patternLinks = program._withUnsafeGuaranteedRef { $0.patternLinks.start }
        var isKnown = false
        for index in rules.pointee.patterns.indices
        where matches(patternLinks[index].pattern, bytes, length) {
            isKnown = true
            if !accepts(patternLinks[index].link, value) { return false }
        }
        return isKnown || accepts(rules.pointee.additional, value)
    }

    @inline(never) private mutating func acceptsNames(
        _ rules: UnsafePointer<SchemaObjectRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        var name = slot + 1
        for _ in 0..<slot.pointee.length {
            if !accepts(rules.pointee.names, name) { return false }
            name += 1 + name[1].extent
        }
        return true
    }

    @inline(never) private mutating func acceptsDependencies(
        _ rules: UnsafePointer<SchemaObjectRules>, _ slot: UnsafePointer<JSONSlot>, _ seen: UInt64
    ) -> Bool {
        let dependencies = program._withUnsafeGuaranteedRef { $0.dependencies.start }
        for index in rules.pointee.dependencies.indices where seen & dependencies[index].trigger != 0 {
            let needed = dependencies[index].needed
            if seen & needed != needed { return false }
            if !accepts(dependencies[index].link, slot) { return false }
        }
        return true
    }

    @inline(never) private mutating func acceptsNeeds(
        _ rules: UnsafePointer<SchemaObjectRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let needs = program._withUnsafeGuaranteedRef { $0.needs.start }
        for index in rules.pointee.needs.indices {
            if let trigger = needs[index].trigger, member(trigger, of: slot) == nil { continue }
            if let needed = needs[index].needed, member(needed, of: slot) == nil { return false }
            if !accepts(needs[index].link, slot) { return false }
        }
        return true
    }

    /// The value of a member by its name.
    @inline(__always) mutating func member(_ entry: NameEntry, of slot: UnsafePointer<JSONSlot>) -> UnsafePointer<JSONSlot>? {
        var name = slot + 1
        for _ in 0..<slot.pointee.length {
            if name.pointee.length == Int(entry.length) {
                let bytes = text + name.pointee.offset
                if entry.matches(NameKey(bytes, name.pointee.length), bytes) { return name + 1 }
            }
            name += 1 + name[1].extent
        }
        return nil
    }

    // MARK: Arrays

    @inline(never) mutating func acceptsArray(_ index: Int32, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        if remaining <= 0 { return giveUp() }
        remaining &-= 1
        defer { remaining &+= 1 }
        let rules = arrays + Int(index)
        let count = slot.pointee.length
        if count < rules.pointee.minimum || count > rules.pointee.maximum { return false }
        if rules.pointee.walks {
            if rules.pointee.hasPlainRows {
                if !acceptsRows(rules, slot) { return false }
            } else if !acceptsElements(rules, slot) {
                return false
            }
        }
        if rules.pointee.hasContains, !acceptsContained(rules, slot) { return false }
        return !rules.pointee.isUnique || !TapeUniqueness.hasEqualElements(slot, text)
    }

    @inline(__always) private mutating func acceptsElements(
        _ rules: UnsafePointer<SchemaArrayRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        var rest = slot.pointee.length
        var element = slot + 1
        var prefix = rules.pointee.prefix.start
        let end = prefix &+ rules.pointee.prefix.count
        while prefix < end && rest > 0 {
            if !accepts(links[Int(prefix)], element) { return false }
            element += element.pointee.extent
            prefix &+= 1
            rest &-= 1
        }
        let items = rules.pointee.items
        if items.isAll { return true }
        while rest > 0 {
            if !accepts(items, element) { return false }
            element += element.pointee.extent
            rest &-= 1
        }
        return true
    }

    /// Elements that are arrays, of which only lengths and kinds are checked, in one loop.
    @inline(never) private mutating func acceptsRows(
        _ rules: UnsafePointer<SchemaArrayRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let items = rules.pointee.items
        let row = arrays + Int(nodes[Int(items.node)].arrays)
        let kinds = row.pointee.items.types
        let minimum = row.pointee.minimum
        let maximum = row.pointee.maximum
        var element = slot + 1
        for _ in 0..<slot.pointee.length {
            if element.pointee.kind != .array {
                if !accepts(items, element) { return false }
                element += element.pointee.extent
                continue
            }
            let count = element.pointee.length
            if count < minimum || count > maximum || items.types & .array == 0 { return false }
            for offset in 1..<(count &+ 1) where kinds & KindSet(of: element[offset]) == 0 { return false }
            // Nothing in a row has parts, so it takes one slot for each element.
            element += count &+ 1
        }
        return true
    }

    @inline(never) private mutating func acceptsContained(
        _ rules: UnsafePointer<SchemaArrayRules>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        var matches = 0
        var element = slot + 1
        let isBounded = rules.pointee.maxContains < .max
        for _ in 0..<slot.pointee.length {
            if !isBounded && matches >= rules.pointee.minContains { return true }
            if accepts(rules.pointee.contains, element) {
                matches &+= 1
                if matches > rules.pointee.maxContains { return false }
            }
            element += element.pointee.extent
        }
        return matches >= rules.pointee.minContains
    }
}
