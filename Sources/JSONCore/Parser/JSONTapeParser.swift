// SPDX-License-Identifier: Apache-2.0

typealias JSONBytes = UnsafeMutablePointer<UInt8>

/// Reads JSON text (RFC 8259) that lies in a tape's text buffer into the tape's slots.
///
/// Strict: no byte order mark, no comments, no trailing commas, no duplicate keys, no lone surrogates, valid UTF-8.
/// The bytes behind the text are zero, and zero is legal nowhere, so that no load needs a check of the end. All
/// functions are static and take what they change by `inout`: closures and nested functions that share variables with
/// the loop cost it most of its speed.
enum JSONTapeParser {
    /// How the loop is entered.
    enum Entry { case value, afterValue, close }

    /// Reads on from where `state` stands, until the text ends or a fault is met.
    ///
    /// - Returns: whether a whole value and nothing else but white space has been read. If not, `state.fault` says what
    ///   is wrong, or what is missing when its offset is the end of the text.
    static func run(_ tape: inout JSONTape, _ state: inout JSONParseState, from start: Entry) -> Bool {
        let base = unsafe tape.text
        let end = unsafe base + tape.textCount
        let depthLimit = state.limits.effectiveDepth
        var entry = start
        var slots = unsafe tape.slots
        var frames = unsafe tape.frames
        var powers: UnsafePointer<UInt64>?
        var p = unsafe base + state.position
        var count = state.count
        var depth = state.depth
        var open = unsafe frames[depth].start
        var length = unsafe frames[depth].length
        var seen = unsafe frames[depth].seen
        var isObject = unsafe open >= 0 && slots[open].kind == .object
        // Also reached before the room ends: how many values there are is counted only then.
        var room = 0
        var byte: UInt8 = 0
        if entry == .value {
            unsafe skipSpace(&p)
            byte = unsafe p[0]
        }

        parse: while true {
            if count >= room && byte != 0 {
                unsafe frames[depth].length = length
                room = makeRoom(&tape, count: count, depth: depth, limits: state.limits)
                unsafe slots = unsafe tape.slots
                if room < 0 && startsValue(byte) {
                    unsafe state.fail(.values, at: p - base)
                    break parse
                }
            }
            var closes = false
            if byte == UInt8(ascii: "\"") {
                unsafe p += 1
                guard unsafe string(&p, slots + count, base, end, &state) else {
                    state.isKey = false
                    break parse
                }
                count &+= 1
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                if depth >= depthLimit {
                    unsafe state.fail(.depth, at: p - base)
                    break parse
                }
                unsafe p += 1
                unsafe frames[depth].length = length
                unsafe frames[depth].seen = seen
                depth &+= 1
                if depth >= tape.frameCapacity {
                    growFrames(&tape)
                    unsafe frames = unsafe tape.frames
                }
                isObject = byte == UInt8(ascii: "{")
                unsafe slots[count] = JSONSlot(isObject ? .object : .array)
                open = count
                length = 0
                seen = JSONKeyFilter()
                unsafe frames[depth].start = open
                unsafe frames[depth].isIndexed = false
                count &+= 1
                unsafe skipSpace(&p)
                byte = unsafe p[0]
                if isObject {
                    if byte == UInt8(ascii: "\"") {
                        length = 1
                        guard unsafe key(&p, base, end, &count, slots, length, &seen, depth, &tape, &state) else {
                            break parse
                        }
                        byte = unsafe p[0]
                        continue
                    }
                    guard byte == UInt8(ascii: "}") else {
                        state.phase = .firstKey
                        unsafe state.fail(.firstKey, at: p - base)
                        break parse
                    }
                } else if byte != UInt8(ascii: "]") {
                    guard unsafe p < end else {
                        state.phase = .firstElement
                        unsafe state.fail(.firstElement, at: p - base)
                        break parse
                    }
                    length = 1
                    continue
                }
                unsafe p += 1
                closes = true
            } else if byte &- 0x30 <= 9 || byte == UInt8(ascii: "-") {
                guard unsafe number(&p, slots + count, base, &powers, &state) else { break parse }
                count &+= 1
            } else if byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f") || byte == UInt8(ascii: "n") {
                guard unsafe literal(&p, byte, slots + count, base, &state) else { break parse }
                count &+= 1
            } else if entry != .value {
                closes = entry == .close
                entry = .value
            } else {
                state.phase = .value
                let isFirst = depth > 0 && !isObject && length == 1
                unsafe state.fail(isFirst ? .firstElement : .value, at: p - base)
                break parse
            }

            while true {
                if closes {
                    let kind: JSONSlot.Kind = isObject ? .object : .array
                    unsafe slots[open] = JSONSlot(
                        kind, length: length, payload: UInt64(truncatingIfNeeded: count &- open))
                    depth &-= 1
                    open = unsafe frames[depth].start
                    length = unsafe frames[depth].length
                    seen = unsafe frames[depth].seen
                    isObject = unsafe open >= 0 && slots[open].kind == .object
                }
                if depth == 0 {
                    unsafe skipSpace(&p)
                    state.phase = .done
                    unsafe state.fail(.trailing, at: p - base)
                    break parse
                }
                if unsafe p[0] != UInt8(ascii: ",") { unsafe skipSpace(&p) }
                byte = unsafe p[0]
                if byte == UInt8(ascii: ",") {
                    unsafe p += 1
                    unsafe skipSpace(&p)
                    length &+= 1
                    if isObject {
                        guard unsafe p[0] == UInt8(ascii: "\"") else {
                            state.phase = .key
                            unsafe state.fail(.key, at: p - base)
                            break parse
                        }
                        guard unsafe key(&p, base, end, &count, slots, length, &seen, depth, &tape, &state) else {
                            break parse
                        }
                    }
                    byte = unsafe p[0]
                    break
                }
                closes = byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                guard closes else {
                    state.phase = .afterValue
                    unsafe state.fail(isObject ? .objectComma : .arrayComma, at: p - base)
                    break parse
                }
                unsafe p += 1
            }
        }
        unsafe state.position = p - base
        state.count = count
        state.depth = depth
        unsafe frames[depth].length = length
        unsafe frames[depth].seen = seen
        return unsafe state.phase == .done && p == end
    }

    /// Reads the key whose opening quote is at `p`, its colon and the white space around that.
    @inline(__always)
    static func key(
        _ p: inout JSONBytes, _ base: JSONBytes, _ end: JSONBytes, _ count: inout Int,
        _ slots: UnsafeMutablePointer<JSONSlot>, _ length: Int, _ seen: inout JSONKeyFilter, _ depth: Int,
        _ tape: inout JSONTape, _ state: inout JSONParseState
    ) -> Bool {
        unsafe p += 1
        guard unsafe string(&p, slots + count, base, end, &state) else {
            state.isKey = true
            return false
        }
        guard unsafe admitKey(count, base, length, &seen, depth, &tape, &state) else { return false }
        count &+= 1
        return unsafe colon(&p, base, &state)
    }

    /// Takes the key at slot `key` into the innermost object's filter, and refuses it when the object has it already.
    @inline(__always)
    static func admitKey(
        _ key: Int, _ base: JSONBytes, _ length: Int, _ seen: inout JSONKeyFilter, _ depth: Int,
        _ tape: inout JSONTape, _ state: inout JSONParseState
    ) -> Bool {
        let slot = unsafe tape.slots[key]
        if unsafe seen.insert(JSONKeyFilter.hash(base + slot.offset, slot.length)) {
            guard isNew(&tape, key: key, depth: depth, length: length, seen: &seen) else {
                state.fail(.duplicateKey, at: slot.offset &- 1)
                return false
            }
        }
        return true
    }

    @inline(__always)
    static func colon(_ p: inout JSONBytes, _ base: JSONBytes, _ state: inout JSONParseState) -> Bool {
        if unsafe p[0] != UInt8(ascii: ":") {
            unsafe skipSpace(&p)
            guard unsafe p[0] == UInt8(ascii: ":") else {
                state.phase = .colon
                unsafe state.fail(.colon, at: p - base)
                return false
            }
        }
        unsafe p += 1
        if unsafe p[0] == 0x20 { unsafe p += 1 }
        unsafe skipSpace(&p)
        return true
    }

    /// Reads `true`, `false` or `null`, of which `byte` is the first letter.
    @inline(__always)
    static func literal(
        _ p: inout JSONBytes, _ byte: UInt8, _ slot: UnsafeMutablePointer<JSONSlot>, _ base: JSONBytes,
        _ state: inout JSONParseState
    ) -> Bool {
        if byte == UInt8(ascii: "t"), unsafe word(p) == 0x6575_7274 {
            unsafe slot.pointee = JSONSlot(.true)
            unsafe p += 4
        } else if byte == UInt8(ascii: "n"), unsafe word(p) == 0x6C6C_756E {
            unsafe slot.pointee = JSONSlot(.null)
            unsafe p += 4
        } else if byte == UInt8(ascii: "f"), unsafe word(p + 1) == 0x6573_6C61 {
            unsafe slot.pointee = JSONSlot(.false)
            unsafe p += 5
        } else {
            unsafe failLiteral(p, byte, base, &state)
            return false
        }
        return true
    }

    @inline(never)
    private static func failLiteral(
        _ p: JSONBytes, _ byte: UInt8, _ base: JSONBytes, _ state: inout JSONParseState
    ) {
        let word: StaticString
        let kind: JSONFailure.Kind
        switch byte {
        case UInt8(ascii: "t"): (word, kind) = ("true", .literalTrue)
        case UInt8(ascii: "f"): (word, kind) = ("false", .literalFalse)
        default: (word, kind) = ("null", .literalNull)
        }
        var offset = 0
        while unsafe offset < word.utf8CodeUnitCount && p[offset] == word.utf8Start[offset] { offset += 1 }
        state.phase = .value
        unsafe state.fail(kind, at: p - base + offset)
    }

    private static func startsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): true
        default: false
        }
    }

    /// Moves `p` to the next byte that is not white space. After a line's end, the indentation goes eight at a time.
    @inline(__always) static func skipSpace(_ p: inout JSONBytes) {
        var byte = unsafe p[0]
        if byte > 0x20 { return }
        while true {
            if byte == 0x0A || byte == 0x0D {
                unsafe p += 1
                while unsafe load(p) == 0x2020_2020_2020_2020 { unsafe p += 8 }
                if unsafe word(p) == 0x2020_2020 { unsafe p += 4 }
                if unsafe UnsafeRawPointer(p).loadUnaligned(as: UInt16.self) == 0x2020 { unsafe p += 2 }
            } else if byte == 0x20 || byte == 0x09 {
                unsafe p += 1
            } else {
                return
            }
            byte = unsafe p[0]
            if byte > 0x20 { return }
        }
    }

    @inline(__always) static func load(_ p: UnsafePointer<UInt8>) -> UInt64 {
        unsafe UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
    }

    @inline(__always) static func word(_ p: UnsafePointer<UInt8>) -> UInt32 {
        unsafe UInt32(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt32.self))
    }
}
