// SPDX-License-Identifier: Apache-2.0

extension JSONWriter {
    /// An open container: how many values are to come in it and whether it is an object.
    private struct Level {
        var left: Int
        var isObject: Bool
    }

    /// Writes a value of a tape in the order of the tape and without white space: the form that goes over the wire.
    /// One loop over the slots, whose variables stay in registers, since nothing else has them.
    mutating func writeCompact(_ view: JSONTapeView, at position: Int) -> Bool {
        let table = unsafe JSONPowersOfTen.table
        var levels: [Level] = []
        var left = 1
        var isObject = false
        var slot = unsafe view.slots + position
        var target = unsafe base + count
        var end = unsafe base + capacity
        while true {
            if isObject {
                let name = unsafe slot.pointee
                unsafe slot += 1
                if unsafe end - target < name.length &+ Self.margin {
                    unsafe target = unsafe more(target, name.length)
                    unsafe end = unsafe base + capacity
                }
                let next = unsafe Self.quote(view.text + name.offset, name.length, at: target)
                if unsafe next == target {
                    unsafe target = unsafe escaped(view.bytes(name), at: target)
                    unsafe end = unsafe base + capacity
                } else {
                    unsafe target = unsafe next
                }
                unsafe target[0] = UInt8(ascii: ":")
                unsafe target += 1
            }
            let value = unsafe slot.pointee
            unsafe slot += 1
            left &-= 1
            let length = value.kind == .string ? value.length : 0
            if unsafe end - target < length &+ Self.margin {
                unsafe target = unsafe more(target, length)
                unsafe end = unsafe base + capacity
            }
            let raw = UnsafeMutableRawPointer(target)
            switch value.kind {
            case .string:
                let next = unsafe Self.quote(view.text + value.offset, length, at: target)
                if unsafe next == target {
                    unsafe target = unsafe escaped(view.bytes(value), at: target)
                    unsafe end = unsafe base + capacity
                } else {
                    unsafe target = unsafe next
                }
            case .integer: unsafe target += JSONDigits.put(value.integer, at: target)
            case .number:
                let number = value.number
                guard number.isFinite else { return false }
                unsafe target += JSONDigits.put(number, at: target, table)
            case .null:
                unsafe raw.storeBytes(of: UInt32(0x6C6C_756E).littleEndian, as: UInt32.self)
                unsafe target += 4
            case .true:
                unsafe raw.storeBytes(of: UInt32(0x6575_7274).littleEndian, as: UInt32.self)
                unsafe target += 4
            case .false:
                unsafe raw.storeBytes(of: UInt64(0x65_736C_6166).littleEndian, as: UInt64.self)
                unsafe target += 5
            case .array, .object:
                unsafe target[0] = value.kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "[")
                unsafe target += 1
                if value.length > 0 {
                    levels.append(Level(left: left, isObject: isObject))
                    left = value.length
                    isObject = value.kind == .object
                    continue
                }
                unsafe target[0] = value.kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
                unsafe target += 1
            }
            while left == 0 {
                guard let outer = levels.popLast() else {
                    unsafe count = target - base
                    return true
                }
                if unsafe end - target < Self.margin {
                    unsafe target = unsafe more(target, 0)
                    unsafe end = unsafe base + capacity
                }
                unsafe target[0] = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
                unsafe target += 1
                left = outer.left
                isObject = outer.isObject
            }
            unsafe target[0] = UInt8(ascii: ",")
            unsafe target += 1
        }
    }

    /// Room for a number, or for what stands around a string and the words that run over its end.
    private static var margin: Int { 64 }

    /// Makes room.
    ///
    /// - Returns: where `target` is now.
    @inline(never)
    private mutating func more(_ target: UnsafeMutablePointer<UInt8>, _ length: Int) -> UnsafeMutablePointer<UInt8> {
        unsafe count = target - base
        reserve(length &+ Self.margin)
        return unsafe base + count
    }

    /// Writes a string that must be escaped.
    ///
    /// - Returns: the place behind it.
    @inline(never)
    private mutating func escaped(
        _ bytes: UnsafeBufferPointer<UInt8>, at target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        unsafe count = target - base
        if let start = bytes.baseAddress { unsafe putEscaped(start, bytes.count) }
        reserve(Self.margin)
        return unsafe base + count
    }

    /// Writes a string of a tape with its quotes, if nothing in it must be escaped. Its length is known, so that no
    /// store waits for what is in the bytes.
    ///
    /// - Returns: the place behind it; `target` when something must be escaped.
    @inline(__always)
    private static func quote(
        _ bytes: UnsafePointer<UInt8>, _ length: Int, at target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        unsafe target[0] = UInt8(ascii: "\"")
        let text = unsafe UnsafeMutableRawPointer(target + 1)
        var offset = 0
        while offset &+ 16 <= length {
            let sixteen = unsafe UnsafeRawPointer(bytes + offset).loadUnaligned(as: SIMD16<UInt8>.self)
            unsafe text.storeBytes(of: sixteen, toByteOffset: offset, as: SIMD16<UInt8>.self)
            if stops(in: sixteen) { return unsafe target }
            offset &+= 16
        }
        var stops: UInt64 = 0
        if offset &+ 8 <= length {
            let word = unsafe JSONTapeParser.load(bytes + offset)
            stops = JSONEscape.stops(in: word)
            unsafe text.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        let word = unsafe JSONTapeParser.load(bytes + offset)
        let own: UInt64 = (1 &<< UInt64(truncatingIfNeeded: (length &- offset) &<< 3)) &- 1
        stops |= JSONEscape.stops(in: word) & own
        unsafe text.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
        if stops != 0 { return unsafe target }
        unsafe target[length &+ 1] = UInt8(ascii: "\"")
        return unsafe target + (length &+ 2)
    }

    @inline(__always) private static func stops(in bytes: SIMD16<UInt8>) -> Bool {
        let quoteOrControl = (bytes ^ SIMD16(repeating: 2)) &- SIMD16(repeating: 0x21)
        let slash = (bytes ^ SIMD16(repeating: 0x5C)) &- SIMD16(repeating: 1)
        let stops = (quoteOrControl | slash) & ~bytes & SIMD16(repeating: 0x80)
        let words = unsafe unsafeBitCast(stops, to: SIMD2<UInt64>.self)
        return words.x | words.y != 0
    }
}
