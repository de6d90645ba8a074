// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// Reads a string whose opening quote is behind `position`, to behind its closing quote.
    @inline(__always) mutating func string() throws(JSONFailure) -> String {
        let start = position
        var nonASCII: UInt64 = 0
        let end = endOfPlainText(from: start, nonASCII: &nonASCII)
        if byte(at: end) == UInt8(ascii: "\"") {
            position = end &+ 1
            let bytes = unsafe UnsafeBufferPointer(start: base + start, count: end &- start)
            // ASCII needs no validation, which costs six times what making a short string does.
            if nonASCII & 0x8080_8080_8080_8080 == 0 { return unsafe String(decoding: bytes, as: UTF8.self) }
            if let text = unsafe String(validating: bytes, as: UTF8.self) { return text }
            throw invalidText(from: start, to: end, or: .utf8)
        }
        return try stringWithEscapes(from: start, firstStop: end)
    }

    /// The offset of the next quote, backslash or control character, or the end. `nonASCII` gathers the bytes before
    /// it, each in the place of a byte, so that their high bits tell whether any is not ASCII.
    @inline(__always) private func endOfPlainText(from start: Int, nonASCII: inout UInt64) -> Int {
        var offset = start
        while offset &+ 8 <= count {
            let word = unsafe UInt64(
                littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
            let stops = JSONEscape.stops(in: word)
            if stops != 0 {
                let plain = UInt64(stops.trailingZeroBitCount) &- 7
                nonASCII |= word & ((1 &<< plain) &- 1)
                return offset &+ Int(plain &>> 3)
            }
            nonASCII |= word
            offset &+= 8
        }
        while offset < count {
            let byte = unsafe base[offset]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            nonASCII |= UInt64(byte)
            offset &+= 1
        }
        return offset
    }

    @inline(never)
    private mutating func stringWithEscapes(from start: Int, firstStop: Int) throws(JSONFailure) -> String {
        sawEscape = true
        scratch.removeAll(keepingCapacity: true)
        var plain = start
        var stop = firstStop
        var nonASCII: UInt64 = 0
        while true {
            unsafe scratch.append(contentsOf: UnsafeBufferPointer(start: base + plain, count: stop - plain))
            let byte = byte(at: stop)
            if byte == UInt8(ascii: "\"") { break }
            position = stop
            guard byte == UInt8(ascii: "\\") else { throw invalidText(from: start, to: stop, or: .controlCharacter) }
            do throws(JSONFailure) {
                try escape()
            } catch {
                // The first fault of the text is the one to tell.
                throw invalidText(from: start, to: stop, or: error)
            }
            plain = position
            stop = endOfPlainText(from: plain, nonASCII: &nonASCII)
        }
        position = stop + 1
        guard let text = String(validating: scratch, as: UTF8.self) else {
            throw invalidText(from: start, to: stop, or: .utf8)
        }
        return text
    }

    /// Decodes the escape whose backslash is at `position` into `scratch`.
    private mutating func escape() throws(JSONFailure) {
        let start = position
        position += 1
        let letter = current
        if letter != UInt8(ascii: "u") {
            guard let byte = JSONEscape.byte(for: letter) else { throw failure(.escape) }
            position += 1
            return scratch.append(byte)
        }
        position += 1
        let unit = try codeUnit()
        var scalar = unit
        if JSONEscape.isLow(unit) { throw JSONFailure(kind: .loneSurrogate, offset: start) }
        if JSONEscape.isHigh(unit) {
            for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
                guard current == expected else {
                    throw position < count ? JSONFailure(kind: .loneSurrogate, offset: start) : failure(.hexDigit)
                }
                position += 1
            }
            let low = try codeUnit()
            guard JSONEscape.isLow(low) else { throw JSONFailure(kind: .loneSurrogate, offset: start) }
            scalar = JSONEscape.scalar(high: unit, low: low)
        }
        JSONEscape.append(scalar, to: &scratch)
    }

    private mutating func codeUnit() throws(JSONFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = JSONEscape.hexValue(of: current) else { throw failure(.hexDigit) }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private func invalidText(from start: Int, to end: Int, or kind: JSONFailure.Kind) -> JSONFailure {
        invalidText(from: start, to: end, or: JSONFailure(kind: kind, offset: end))
    }

    /// The first byte sequence of a string that is not UTF-8, or `failure` when there is none.
    private func invalidText(from start: Int, to end: Int, or failure: JSONFailure) -> JSONFailure {
        var checker = UTF8Checker()
        var sequence = start
        for offset in start..<end {
            if !checker.isInsideSequence { sequence = offset }
            if !checker.accepts(byte(at: offset)) { return JSONFailure(kind: .utf8, offset: sequence) }
        }
        // A sequence cut off by the end of the text is a matter of the end, not of the encoding.
        let isCut = checker.isInsideSequence && end < count
        return isCut ? JSONFailure(kind: .utf8, offset: sequence) : failure
    }
}
