// SPDX-License-Identifier: Apache-2.0

extension JSONTapeParser {
    /// Reads the string whose opening quote is behind `p` into `slot`.
    ///
    /// - Returns: whether it is complete; then `p` is behind its closing quote, else where to read on.
    @inline(__always)
    static func string(
        _ p: inout JSONBytes, _ slot: UnsafeMutablePointer<JSONSlot>, _ base: JSONBytes, _ end: JSONBytes,
        _ state: inout JSONParseState
    ) -> Bool {
        let start = unsafe p
        while true {
            let stops = unsafe stopsOrNonASCII(load(p))
            if stops == 0 {
                unsafe p += 8
                continue
            }
            unsafe p += stops.trailingZeroBitCount &>> 3
            let byte = unsafe p[0]
            if byte == UInt8(ascii: "\"") {
                unsafe slot.pointee = JSONSlot(
                    .string, length: p - start, payload: UInt64(truncatingIfNeeded: start - base))
                unsafe p += 1
                return true
            }
            if byte >= 0x80, unsafe skipUTF8(&p) { continue }
            break
        }
        let isComplete = unsafe restOfString(from: p, to: p, start: start, base, end, &state)
        unsafe p = unsafe base + state.position
        unsafe slot.pointee = JSONSlot(
            .string, length: state.stringEnd &- state.stringStart,
            payload: UInt64(truncatingIfNeeded: state.stringStart))
        return isComplete
    }

    /// As ``JSONEscape/stops(in:)``, with the bytes that are not ASCII.
    @inline(__always) private static func stopsOrNonASCII(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Without masks for the bytes that are not ASCII, which stop in any case.
        let control = word &- 0x2020_2020_2020_2020
        let quote = (word ^ 0x2222_2222_2222_2222) &- ones
        let slash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- ones
        return ((control | quote) | (slash | word)) & 0x8080_8080_8080_8080
    }

    /// Moves `p` over the characters that are not ASCII: the table of RFC 3629 §4, one load for each.
    ///
    /// - Returns: whether they are valid; if not, `p` is at the one that is not.
    @inline(__always) private static func skipUTF8(_ p: inout JSONBytes) -> Bool {
        while unsafe p[0] >= 0x80 {
            let bytes = unsafe word(p)
            if bytes & 0x00C0_C0F0 == 0x0080_80E0 {
                let payload = bytes & 0x0000_200F
                if payload == 0 || payload == 0x200D { return false }
                unsafe p += 3
            } else if bytes & 0xC0E0 == 0x80C0 {
                if bytes & 0x1E == 0 { return false }
                unsafe p += 2
            } else if bytes & 0xC0C0_C0F8 == 0x8080_80F0 {
                if bytes & 0x3007 == 0 { return false }
                if bytes & 0x04 != 0 && bytes & 0x3003 != 0 { return false }
                unsafe p += 4
            } else {
                return false
            }
        }
        return true
    }

    /// Reads on in a string that has an escape, is cut off or is wrong; decodes it in place.
    ///
    /// - Parameters:
    ///   - source: where to read on.
    ///   - target: behind the last byte that is decoded.
    @inline(never)
    static func restOfString(
        from source: JSONBytes, to target: JSONBytes, start: JSONBytes, _ base: JSONBytes, _ end: JSONBytes,
        _ state: inout JSONParseState
    ) -> Bool {
        var q = unsafe source
        var d = unsafe target
        var isComplete = false
        while true {
            let byte = unsafe q[0]
            if byte == UInt8(ascii: "\"") {
                unsafe q += 1
                isComplete = true
                break
            } else if byte == UInt8(ascii: "\\") {
                guard unsafe escape(&q, &d, base, end, &state) else { break }
            } else if byte >= 0x80 {
                let first = unsafe q
                let isValid = unsafe skipUTF8(&q)
                unsafe copy(from: first, to: &d, count: q - first)
                if !isValid {
                    unsafe failUTF8(at: q, base, end, &state)
                    break
                }
            } else if byte < 0x20 {
                unsafe state.fail(.controlCharacter, at: q - base)
                break
            } else {
                unsafe copyPlain(&q, &d)
            }
        }
        state.phase = .string
        unsafe state.position = q - base
        unsafe state.stringStart = start - base
        unsafe state.stringEnd = d - base
        return isComplete
    }

    @inline(__always) private static func copyPlain(_ q: inout JSONBytes, _ d: inout JSONBytes) {
        while true {
            let word = unsafe load(q)
            let stops = stopsOrNonASCII(word)
            if stops == 0 {
                unsafe UnsafeMutableRawPointer(d).storeBytes(of: word.littleEndian, as: UInt64.self)
                unsafe q += 8
                unsafe d += 8
            } else {
                let first = unsafe q
                unsafe q += stops.trailingZeroBitCount &>> 3
                unsafe copy(from: first, to: &d, count: q - first)
                return
            }
        }
    }

    @inline(__always) private static func copy(from source: JSONBytes, to target: inout JSONBytes, count: Int) {
        for offset in 0..<count { unsafe target[offset] = unsafe source[offset] }
        unsafe target += count
    }

    /// Decodes the escape at `q`: RFC 8259 §7. Leaves `q` at the backslash when it is not complete or not valid.
    private static func escape(
        _ q: inout JSONBytes, _ d: inout JSONBytes, _ base: JSONBytes, _ end: JSONBytes,
        _ state: inout JSONParseState
    ) -> Bool {
        let offset = unsafe q - base
        if let byte = unsafe JSONEscape.byte(for: q[1]) {
            unsafe d[0] = byte
            unsafe d += 1
            unsafe q += 2
            return true
        }
        guard unsafe q[1] == UInt8(ascii: "u") else {
            state.fail(.escape, at: offset + 1)
            return false
        }
        guard let unit = unsafe codeUnit(q + 2, offset + 2, &state) else { return false }
        if !JSONEscape.isHigh(unit) {
            if JSONEscape.isLow(unit) {
                state.fail(.loneSurrogate, at: offset)
                return false
            }
            unsafe JSONEscape.put(unit, at: &d)
            unsafe q += 6
            return true
        }
        guard let low = unsafe lowSurrogate(q + 6, offset, end, &state) else { return false }
        unsafe JSONEscape.put(JSONEscape.scalar(high: unit, low: low), at: &d)
        unsafe q += 12
        return true
    }

    /// The second half of a pair whose first half is the escape at `offset`.
    private static func lowSurrogate(
        _ q: JSONBytes, _ offset: Int, _ end: JSONBytes, _ state: inout JSONParseState
    ) -> UInt32? {
        let hasBackslash = unsafe q[0] == UInt8(ascii: "\\")
        guard hasBackslash, unsafe q[1] == UInt8(ascii: "u") else {
            let next = unsafe hasBackslash ? q + 1 : q
            if unsafe next == end {
                state.fail(.hexDigit, at: offset + (hasBackslash ? 7 : 6))
            } else {
                state.fail(.loneSurrogate, at: offset)
            }
            return nil
        }
        guard let low = unsafe codeUnit(q + 2, offset + 8, &state) else { return nil }
        guard JSONEscape.isLow(low) else {
            state.fail(.loneSurrogate, at: offset)
            return nil
        }
        return low
    }

    private static func codeUnit(_ q: JSONBytes, _ offset: Int, _ state: inout JSONParseState) -> UInt32? {
        var unit: UInt32 = 0
        for index in 0..<4 {
            guard let digit = unsafe JSONEscape.hexValue(of: q[index]) else {
                state.fail(.hexDigit, at: offset + index)
                return nil
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Tells a sequence that the end cuts off, which is a matter of the end, from one that is not UTF-8.
    private static func failUTF8(at q: JSONBytes, _ base: JSONBytes, _ end: JSONBytes, _ state: inout JSONParseState) {
        var checker = UTF8Checker()
        var next = unsafe q
        while unsafe next < end && checker.accepts(next[0]) { unsafe next += 1 }
        if unsafe next == end && checker.isInsideSequence {
            unsafe state.fail(.controlCharacter, at: end - base)
        } else {
            unsafe state.fail(.utf8, at: q - base)
        }
    }
}
