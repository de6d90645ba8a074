// SPDX-License-Identifier: Apache-2.0

extension JSONTapeParser {
    /// Behind the characters from `start` that stand for themselves and are UTF-8: a string that ends there is complete.
    @inline(__always) static func endOfPlainString(_ start: JSONBytes) -> JSONBytes {
        var p = unsafe start
        while true {
            var stops = unsafe stopsOrNonASCII(load(p))
            if stops == 0 {
                unsafe p += 8
                stops = unsafe stopsOrNonASCII(load(p))
                if stops == 0 {
                    unsafe p += 8
                    while unsafe isPlainSixteen(p) { unsafe p += 16 }
                    continue
                }
            }
            unsafe p += stops.trailingZeroBitCount &>> 3
            if unsafe p[0] < 0x80 { return unsafe p }
            let next = unsafe skipUTF8(p)
            if unsafe p == next || next[0] >= 0x80 { return unsafe next }
            unsafe p = unsafe next
        }
    }

    @inline(__always)
    static func stringSlot(_ start: JSONBytes, _ end: JSONBytes, _ base: JSONBytes) -> JSONSlot {
        unsafe JSONSlot(.string, length: end - start, payload: UInt64(truncatingIfNeeded: start - base))
    }

    /// The high bit of each byte that is a quote, a backslash, below 0x20 or not ASCII. Above the lowest bit set there
    /// may be false ones, as a borrow runs upwards.
    @inline(__always) private static func stopsOrNonASCII(_ word: UInt64) -> UInt64 {
        // Exclusive or with 2 puts the quote below 0x21, where the control characters stay. Bytes that are not ASCII
        // stop in any case, and need no mask.
        let quoteOrControl = (word ^ 0x0202_0202_0202_0202) &- 0x2121_2121_2121_2121
        let slash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        return (quoteOrControl | slash | word) & 0x8080_8080_8080_8080
    }

    /// Whether none of 16 bytes is such a one. Arithmetic on vectors is fast, comparisons and their masks are not. For
    /// short strings words are faster, since what counts there is how soon the place of the end is known.
    @inline(__always) private static func isPlainSixteen(_ p: UnsafePointer<UInt8>) -> Bool {
        let bytes = unsafe UnsafeRawPointer(p).loadUnaligned(as: SIMD16<UInt8>.self)
        let quoteOrControl = (bytes ^ SIMD16(repeating: 2)) &- SIMD16(repeating: 0x21)
        let slash = (bytes ^ SIMD16(repeating: 0x5C)) &- SIMD16(repeating: 1)
        let stops = (quoteOrControl | slash | bytes) & SIMD16(repeating: 0x80)
        let words = unsafe unsafeBitCast(stops, to: SIMD2<UInt64>.self)
        return words.x | words.y == 0
    }

    /// Behind the characters from `start` that are not ASCII, one load for each: the table of RFC 3629 §4. There stands
    /// an ASCII byte, or else one that does not begin a valid character.
    @inline(__always) private static func skipUTF8(_ start: JSONBytes) -> JSONBytes {
        var p = unsafe start
        while unsafe p[0] >= 0x80 {
            let bytes = unsafe word(p)
            if bytes & 0x00C0_C0F0 == 0x0080_80E0 {
                let payload = bytes & 0x0000_200F
                if payload == 0 || payload == 0x200D { break }
                unsafe p += 3
            } else if bytes & 0xC0E0 == 0x80C0 {
                if bytes & 0x1E == 0 { break }
                unsafe p += 2
            } else if bytes & 0xC0C0_C0F8 == 0x8080_80F0 {
                if bytes & 0x3007 == 0 { break }
                if bytes & 0x04 != 0 && bytes & 0x3003 != 0 { break }
                unsafe p += 4
            } else {
                break
            }
        }
        return unsafe p
    }

    /// Reads on in a string that has an escape, is cut off or is wrong; decodes it in place and fills its slot.
    ///
    /// - Parameters:
    ///   - source: where to read on.
    ///   - target: behind the last byte that is decoded.
    /// - Returns: whether the string is complete. `state.position` is then behind its closing quote, else where to read
    ///   on.
    @inline(never)
    static func restOfString(
        from source: JSONBytes, to target: JSONBytes, _ start: JSONBytes, _ slot: UnsafeMutablePointer<JSONSlot>,
        _ base: JSONBytes, _ end: JSONBytes, _ state: inout JSONParseState
    ) -> Bool {
        var q = unsafe source
        var d = unsafe target
        var isComplete = false
        while true {
            let word = unsafe load(q)
            let stops = stopsOrNonASCII(word)
            if stops == 0 {
                unsafe UnsafeMutableRawPointer(d).storeBytes(of: word.littleEndian, as: UInt64.self)
                unsafe q += 8
                unsafe d += 8
                continue
            }
            let plain = stops.trailingZeroBitCount &>> 3
            unsafe store(word, plain, at: d)
            unsafe q += plain
            unsafe d += plain
            let byte = unsafe q[0]
            if byte == UInt8(ascii: "\\") {
                let decoded = unsafe JSONEscape.decoded(q[1])
                if decoded != 0 {
                    unsafe d[0] = decoded
                    unsafe d += 1
                    unsafe q += 2
                } else {
                    guard let next = unsafe unicodeEscape(q, at: d, base, end, &state) else { break }
                    unsafe d += state.stringEnd
                    unsafe q = unsafe next
                }
            } else if byte == UInt8(ascii: "\"") {
                unsafe q += 1
                // Also behind a decoded string stands a quote: the hash of a short key counts on that.
                unsafe d[0] = UInt8(ascii: "\"")
                isComplete = true
                break
            } else if byte >= 0x80 {
                let next = unsafe skipUTF8(q)
                while unsafe q < next {
                    unsafe d[0] = unsafe q[0]
                    unsafe d += 1
                    unsafe q += 1
                }
                if unsafe q[0] >= 0x80 {
                    unsafe failUTF8(at: q, base, end, &state)
                    break
                }
            } else {
                unsafe state.fail(.controlCharacter, at: q - base)
                break
            }
        }
        state.phase = .string
        unsafe state.position = q - base
        unsafe state.stringStart = start - base
        unsafe state.stringEnd = d - base
        unsafe slot.pointee = unsafe stringSlot(start, d, base)
        return isComplete
    }

    /// Stores the first `count` bytes of a word, fewer than eight, and none behind them: they may not be read yet.
    @inline(__always) private static func store(_ word: UInt64, _ count: Int, at target: JSONBytes) {
        let raw = UnsafeMutableRawPointer(target)
        if count >= 4 {
            unsafe raw.storeBytes(of: UInt32(truncatingIfNeeded: word).littleEndian, as: UInt32.self)
            let rest = UInt32(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: (count &- 4) &<< 3))
            unsafe raw.storeBytes(of: rest.littleEndian, toByteOffset: count &- 4, as: UInt32.self)
        } else if count >= 2 {
            unsafe raw.storeBytes(of: UInt16(truncatingIfNeeded: word).littleEndian, as: UInt16.self)
            let rest = UInt16(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: (count &- 2) &<< 3))
            unsafe raw.storeBytes(of: rest.littleEndian, toByteOffset: count &- 2, as: UInt16.self)
        } else if count == 1 {
            unsafe target[0] = UInt8(truncatingIfNeeded: word)
        }
    }

    /// Decodes the escape at `q`, which is none of those of one letter: RFC 8259 §7. `state.stringEnd` is then how many
    /// bytes it makes.
    ///
    /// - Returns: the place behind it; `nil` when it is not complete or not valid.
    @inline(never)
    private static func unicodeEscape(
        _ q: JSONBytes, at target: JSONBytes, _ base: JSONBytes, _ end: JSONBytes, _ state: inout JSONParseState
    ) -> JSONBytes? {
        let offset = unsafe q - base
        guard unsafe q[1] == UInt8(ascii: "u") else {
            state.fail(.escape, at: offset + 1)
            return nil
        }
        guard let unit = unsafe codeUnit(q + 2, offset + 2, &state) else { return nil }
        if !JSONEscape.isHigh(unit) {
            if JSONEscape.isLow(unit) {
                state.fail(.loneSurrogate, at: offset)
                return nil
            }
            state.stringEnd = unsafe JSONEscape.put(unit, at: target)
            return unsafe q + 6
        }
        guard let low = unsafe lowSurrogate(q + 6, offset, end, &state) else { return nil }
        state.stringEnd = unsafe JSONEscape.put(JSONEscape.scalar(high: unit, low: low), at: target)
        return unsafe q + 12
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
