// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaEvaluator {
    @inline(never) mutating func acceptsOperations(_ run: SchemaRun, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        if remaining <= 0 { return giveUp() }
        remaining &-= 1
        defer { remaining &+= 1 }
        let kind = KindSet(of: slot.pointee)
        var next = operations + Int(run.start)
        let end = next + Int(run.count)
        while next < end {
            if next.pointee.kinds & kind != 0, !accepts(next, slot) { return false }
            next += 1
        }
        return true
    }

    @inline(__always) private mutating func accepts(
        _ operation: UnsafePointer<SchemaOperation>, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        let a = Int(operation.pointee.a)
        switch operation.pointee.code {
        case .all: return accepts(links[a], slot)
        case .any: return acceptsAny(choice(a, slot), slot)
        case .one: return acceptsOne(choice(a, slot), slot)
        case .anyTagged: return acceptsAny(choice(operation, slot), slot)
        case .oneTagged: return acceptsOne(choice(operation, slot), slot)
        case .not: return !accepts(links[a], slot)
        case .condition: return accepts(accepts(links[a], slot) ? links[a + 1] : links[a + 2], slot)
        case .constants: return isConstant(SchemaRun(start: operation.pointee.a, count: operation.pointee.b), slot)
        case .unevaluatedProperties: return acceptsUnevaluatedProperties(a, links[Int(operation.pointee.b)], slot)
        case .unevaluatedItems: return acceptsUnevaluatedItems(a, links[Int(operation.pointee.b)], slot)
        }
    }

    /// The branches that may allow the kind of the instance.
    @inline(__always) private mutating func choice(_ index: Int, _ slot: UnsafePointer<JSONSlot>) -> SchemaRun {
        let choices = program._withUnsafeGuaranteedRef { $0.choices.start }
        return choices[index + Int(slot.pointee.kind.rawValue)]
    }

    /// The branches that may allow the instance by the property that tells them apart.
    @inline(never) private mutating func choice(_ operation: UnsafePointer<SchemaOperation>, _ slot: UnsafePointer<JSONSlot>) -> SchemaRun {
        if slot.pointee.kind != .object { return choice(Int(operation.pointee.a), slot) }
        let discriminators = program._withUnsafeGuaranteedRef { $0.discriminators.start }
        let discriminator = discriminators + Int(operation.pointee.b)
        guard let value = member(discriminator.pointee.name, of: slot) else { return discriminator.pointee.missing }
        if value.pointee.kind != .string { return discriminator.pointee.others }
        let bytes = text + value.pointee.offset
        let entry = discriminator.pointee.table.find(NameKey(bytes, value.pointee.length), bytes, in: entries)
        return entry?.pointee.extra ?? discriminator.pointee.others
    }

    @inline(__always) private mutating func acceptsAny(_ run: SchemaRun, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        for index in run.indices where accepts(links[index], slot) { return true }
        return false
    }

    @inline(__always) private mutating func acceptsOne(_ run: SchemaRun, _ slot: UnsafePointer<JSONSlot>) -> Bool {
        var matches = 0
        for index in run.indices where accepts(links[index], slot) {
            matches &+= 1
            if matches > 1 { return false }
        }
        return matches == 1
    }
}
