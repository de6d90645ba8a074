// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A name as it is looked up: two words and the length, which are all there is to compare up to 16 bytes.
struct NameKey {
    let first: UInt64
    let last: UInt64
    let length: Int

    /// - Parameter bytes: at least 8 readable bytes, as on a tape.
    @inline(__always) init(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        self.length = length
        let raw = UnsafeRawPointer(bytes)
        let head = raw.loadUnaligned(as: UInt64.self)
        if length > 8 {
            first = head
            last = raw.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
        } else {
            // The bytes behind the name are shifted out.
            first = length == 0 ? 0 : head &<< UInt64(truncatingIfNeeded: 64 &- length &* 8)
            last = 0
        }
    }

    @inline(__always) func hash(_ multiplier: UInt64) -> UInt64 {
        (first ^ (last &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: length)) &* multiplier
    }
}

/// What a table says of a name; its meaning belongs to the table's owner.
struct NameEntry {
    var first: UInt64 = 0
    var last: UInt64 = 0
    /// What seeing the name adds to the set of names seen.
    var bits: UInt64 = 0
    var link = SchemaLink.all
    /// -1 in an empty slot.
    var length: Int32 = -1
    /// A run of more links, or of candidates.
    var extra = SchemaRun()
    var isProperty = false
    var bytes: UnsafePointer<UInt8>?

    init() {}

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // A buffer of a tape has a base address even when it is empty.
        guard let start = bytes.baseAddress else { return }
        let key = NameKey(start, bytes.count)
        first = key.first
        last = key.last
        length = Int32(truncatingIfNeeded: bytes.count)
        self.bytes = start
    }

    @inline(__always) func matches(_ key: NameKey, _ other: UnsafePointer<UInt8>) -> Bool {
        first == key.first && last == key.last && Int(length) == key.length
            && (key.length <= 16 || middleMatches(other))
    }

    @inline(never) func middleMatches(_ other: UnsafePointer<UInt8>) -> Bool {
        guard let bytes else { return false }
        var offset = 8
        while offset < Int(length) - 8 {
            let mine = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let theirs = UnsafeRawPointer(other).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // Both may run past the middle, but only into the last eight bytes, which are equal.
            if mine != theirs { return false }
            offset += 8
        }
        return true
    }
}

/// A hash table of names without collisions where a multiplier could be found that makes none, so that a look-up is
/// one comparison.
struct NameTable {
    var start: Int32 = 0
    /// 64 less the binary logarithm of the number of slots.
    var shift: UInt8 = 63
    /// The most slots that a look-up has to visit.
    var probes: Int32 = 0
    var multiplier: UInt64 = 1

    @inline(__always) func find(
        _ key: NameKey, _ bytes: UnsafePointer<UInt8>, in entries: UnsafePointer<NameEntry>
    ) -> UnsafePointer<NameEntry>? {
        let home = Int(truncatingIfNeeded: key.hash(multiplier) &>> UInt64(shift))
        let entry = entries + (Int(start) &+ home)
        if entry.pointee.matches(key, bytes) { return entry }
        return probes <= 1 ? nil : findFurther(key, bytes, entry)
    }

    @inline(never) private func findFurther(
        _ key: NameKey, _ bytes: UnsafePointer<UInt8>, _ home: UnsafePointer<NameEntry>
    ) -> UnsafePointer<NameEntry>? {
        // Behind the last slot of a table stand as many more as a look-up may need.
        for step in 1..<Int(probes) where home[step].matches(key, bytes) { return home + step }
        return nil
    }

    /// Appends a table of `names`, each once, to `entries`.
    init(_ names: [NameEntry], into entries: inout [NameEntry]) {
        start = Int32(entries.count)
        var bits = 1
        while 1 << bits < names.count * 2 { bits += 1 }
        var homes = [UInt32](repeating: 0, count: names.count)
        search: for extra in 0..<(names.count <= 64 ? 3 : 1) {
            shift = UInt8(64 - bits - extra)
            for attempt in 0..<(names.count <= 64 ? 8 : 1) {
                multiplier = Self.multipliers[attempt]
                if Self.spread(names, self, &homes) { break search }
            }
        }
        place(names, into: &entries)
    }

    private static let multipliers: [UInt64] = [
        0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 0xD6E8_FEB8_6659_FD93,
        0xC2B2_AE3D_27D4_EB4F, 0xFF51_AFD7_ED55_8CCD, 0xC4CE_B9FE_1A85_EC53, 0xA076_1D64_78BD_642F,
    ]

    /// Whether no two names have the same home.
    private static func spread(_ names: [NameEntry], _ table: NameTable, _ homes: inout [UInt32]) -> Bool {
        for (position, name) in names.enumerated() {
            let home = UInt32(truncatingIfNeeded: table.home(name))
            for other in 0..<position where homes[other] == home { return false }
            homes[position] = home
        }
        return true
    }

    private func home(_ name: NameEntry) -> Int {
        let mixed = name.first ^ (name.last &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: name.length)
        return Int(truncatingIfNeeded: (mixed &* multiplier) &>> UInt64(shift))
    }

    private mutating func place(_ names: [NameEntry], into entries: inout [NameEntry]) {
        let size = 1 << (64 - Int(shift))
        var slots = [NameEntry](repeating: NameEntry(), count: size)
        for name in names {
            var position = home(name)
            let start = position
            while position < slots.count && slots[position].length >= 0 { position += 1 }
            if position == slots.count { slots.append(NameEntry()) }
            slots[position] = name
            probes = max(probes, Int32(position - start + 1))
        }
        slots += repeatElement(NameEntry(), count: max(0, Int(probes) - 1 - (slots.count - size)))
        entries += slots
    }
}
