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
        var p = unsafe base + state.position
        var count = state.count
        var depth = state.depth
        var open = unsafe frames[depth].start
        var length = unsafe frames[depth].length
        var seen = unsafe frames[depth].seen
        var isObject = unsafe open >= 0 && slots[open].kind == .object
        var needsKey = false
        // Less than there is, when the limit of values may be reached before.
        var room = 0
        // 0, which begins no value, leads to where another entry is looked at.
        var byte: UInt8 = 0
        // Where the next line is thought to begin, and how much deeper lines in a container do.
        var indent = 0
        var step = 0
        if entry == .value {
            unsafe skipSpace(&p)
            byte = unsafe p[0]
        }

        parse: while true {
            if needsKey {
                guard byte == UInt8(ascii: "\"") else {
                    state.phase = length == 1 ? .firstKey : .key
                    unsafe state.fail(length == 1 ? .firstKey : .key, at: p - base)
                    if length == 1 { length = 0 }
                    break parse
                }
                unsafe p += 1
                let start = unsafe p
                unsafe p = unsafe endOfPlainString(p)
                if unsafe p[0] == UInt8(ascii: "\"") {
                    unsafe slots[count] = unsafe stringSlot(start, p, base)
                    unsafe p += 1
                } else {
                    let isComplete = unsafe restOfString(from: p, to: p, start, slots + count, base, end, &state)
                    unsafe p = unsafe base + state.position
                    guard isComplete else {
                        state.isKey = true
                        break parse
                    }
                }
                if unsafe seen.insert(JSONKeyFilter.hash(base, slots[count])) {
                    guard isNew(&tape, key: count, depth: depth, length: length) else {
                        unsafe state.fail(.duplicateKey, at: slots[count].offset &- 1)
                        break parse
                    }
                    if length > scanLimit { seen = .full }
                }
                count &+= 1
                if unsafe p[0] != UInt8(ascii: ":") {
                    unsafe skipSpace(&p)
                    guard unsafe p[0] == UInt8(ascii: ":") else {
                        state.phase = .colon
                        unsafe state.fail(.colon, at: p - base)
                        break parse
                    }
                }
                unsafe p += 1
                unsafe skipSpace(&p)
                byte = unsafe p[0]
            }

            if count >= room {
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
                let start = unsafe p
                unsafe p = unsafe endOfPlainString(p)
                if unsafe p[0] == UInt8(ascii: "\"") {
                    unsafe slots[count] = unsafe stringSlot(start, p, base)
                    unsafe p += 1
                } else {
                    let isComplete = unsafe restOfString(from: p, to: p, start, slots + count, base, end, &state)
                    unsafe p = unsafe base + state.position
                    guard isComplete else {
                        state.isKey = false
                        break parse
                    }
                }
                count &+= 1
            } else if byte &- 0x30 <= 9 || byte == UInt8(ascii: "-") {
                var mantissa: UInt64 = 0
                let (digitsEnd, isComplete) = unsafe shortInteger(p, byte, slots + count, &mantissa)
                if isComplete {
                    unsafe p = unsafe digitsEnd
                } else {
                    guard let next = unsafe number(p, digitsEnd, mantissa, slots + count, base, &state) else {
                        break parse
                    }
                    unsafe p = unsafe next
                }
                count &+= 1
            } else if byte | 0x20 == UInt8(ascii: "{") {
                // `[` and `{` differ in that one bit, and no other byte becomes `{` by it.
                if depth >= depthLimit {
                    unsafe state.fail(.depth, at: p - base)
                    break parse
                }
                isObject = byte == UInt8(ascii: "{")
                needsKey = isObject
                unsafe p += 1
                unsafe frames[depth].length = length
                unsafe frames[depth].seen = seen
                depth &+= 1
                if depth >= tape.frameCapacity {
                    growFrames(&tape)
                    unsafe frames = unsafe tape.frames
                }
                unsafe frames[depth].start = count
                unsafe frames[depth].isIndexed = false
                unsafe slots[count] = JSONSlot(isObject ? .object : .array)
                open = count
                count &+= 1
                seen = JSONKeyFilter()
                if unsafe p[0] <= 0x20 {
                    indent &+= step
                    if unsafe !skipLine(&p, indent) {
                        indent &-= step
                        let start = unsafe p
                        unsafe skipSpace(&p)
                        step = unsafe max(0, p - start &- 1 &- indent)
                        indent &+= step
                    }
                }
                byte = unsafe p[0]
                // `]` and `}` are each two above.
                if byte != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    length = 1
                    continue
                }
                length = 0
                unsafe p += 1
                closes = true
            } else if unsafe byte == UInt8(ascii: "t") && word(p) == 0x6575_7274 {
                unsafe slots[count] = JSONSlot(.true)
                count &+= 1
                unsafe p += 4
            } else if unsafe byte == UInt8(ascii: "f") && word(p + 1) == 0x6573_6C61 {
                unsafe slots[count] = JSONSlot(.false)
                count &+= 1
                unsafe p += 5
            } else if unsafe byte == UInt8(ascii: "n") && word(p) == 0x6C6C_756E {
                unsafe slots[count] = JSONSlot(.null)
                count &+= 1
                unsafe p += 4
            } else if entry != .value {
                closes = entry == .close
                entry = .value
            } else {
                let isFirst = depth > 0 && !isObject && length == 1
                unsafe failValue(p, byte, isFirst: isFirst, base, &state)
                if state.phase == .firstElement { length = 0 }
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
                if unsafe p[0] <= 0x20 {
                    indent &-= step
                    if unsafe !skipLine(&p, indent) { unsafe skipSpace(&p) }
                }
                byte = unsafe p[0]
                if byte == UInt8(ascii: ",") {
                    unsafe p += 1
                    if unsafe p[0] <= 0x20, unsafe !skipLine(&p, indent) { unsafe skipSpace(&p) }
                    length &+= 1
                    needsKey = isObject
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

    /// A byte that begins no value, or a word that is none.
    @inline(never)
    private static func failValue(
        _ p: JSONBytes, _ byte: UInt8, isFirst: Bool, _ base: JSONBytes, _ state: inout JSONParseState
    ) {
        let word: StaticString
        let kind: JSONFailure.Kind
        state.phase = .value
        switch byte {
        case UInt8(ascii: "t"): (word, kind) = ("true", .literalTrue)
        case UInt8(ascii: "f"): (word, kind) = ("false", .literalFalse)
        case UInt8(ascii: "n"): (word, kind) = ("null", .literalNull)
        default:
            // Only if nothing has come of the first element may the array end here.
            if isFirst { state.phase = .firstElement }
            return unsafe state.fail(isFirst ? .firstElement : .value, at: p - base)
        }
        var offset = 0
        while unsafe offset < word.utf8CodeUnitCount && p[offset] == word.utf8Start[offset] { offset += 1 }
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
        let byte = unsafe p[0]
        if byte > 0x20 { return }
        if byte == 0x0A {
            unsafe p = unsafe endOfSpaces(p + 1)
            if unsafe p[0] > 0x20 { return }
        } else if byte == 0x20 {
            unsafe p += 1
            if unsafe p[0] > 0x20 { return }
        }
        unsafe p = unsafe endOfSpace(p)
    }

    /// Moves `p` behind a line's end and `indent` spaces, if that is what stands there and no white space follows. The
    /// place is known before the bytes are, so that what follows need not wait for them.
    @inline(__always) private static func skipLine(_ p: inout JSONBytes, _ indent: Int) -> Bool {
        if unsafe p[0] != 0x0A { return false }
        var line = unsafe p + 1
        var left = indent
        while left >= 8 {
            if unsafe load(line) != 0x2020_2020_2020_2020 { return false }
            unsafe line += 8
            left &-= 8
        }
        let other = unsafe load(line) ^ 0x2020_2020_2020_2020
        if other == 0 || other.trailingZeroBitCount &>> 3 != left { return false }
        let next = unsafe line + left
        if unsafe next[0] <= 0x20 { return false }
        unsafe p = unsafe next
        return true
    }

    @inline(__always) private static func endOfSpaces(_ start: JSONBytes) -> JSONBytes {
        var p = unsafe start
        while true {
            let other = unsafe load(p) ^ 0x2020_2020_2020_2020
            if other != 0 { return unsafe p + (other.trailingZeroBitCount &>> 3) }
            unsafe p += 8
        }
    }

    @inline(never) private static func endOfSpace(_ start: JSONBytes) -> JSONBytes {
        var p = unsafe start
        while true {
            switch unsafe p[0] {
            case 0x20, 0x0A: unsafe p = unsafe endOfSpaces(p + 1)
            case 0x09, 0x0D: unsafe p += 1
            default: return unsafe p
            }
        }
    }

    @inline(__always) static func load(_ p: UnsafePointer<UInt8>) -> UInt64 {
        unsafe UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
    }

    @inline(__always) static func word(_ p: UnsafePointer<UInt8>) -> UInt32 {
        unsafe UInt32(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt32.self))
    }
}
