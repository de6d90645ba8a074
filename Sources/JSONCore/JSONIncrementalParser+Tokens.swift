// SPDX-License-Identifier: Apache-2.0

/// Where in the grammar of RFC 8259 §6 a number stands.
enum JSONNumberGrammar: Sendable {
    case start, minus, zero, integer, point, fraction, exponentMark, exponentSign, exponent

    enum Step {
        case next(JSONNumberGrammar)
        /// The byte is not part of the number, which is complete.
        case end
        case fault(JSONFailure.Kind)
    }

    /// What is missing when the text ends here.
    var expected: JSONFailure.Kind {
        switch self {
        case .point: .fraction
        case .exponentMark, .exponentSign: .exponent
        default: .digit
        }
    }

    func step(_ byte: UInt8) -> Step {
        let isDigit = byte &- 0x30 <= 9
        switch self {
        case .start where byte == UInt8(ascii: "-"): return .next(.minus)
        case .start, .minus:
            return isDigit ? .next(byte == UInt8(ascii: "0") ? .zero : .integer) : .fault(.digit)
        case .zero: return isDigit ? .fault(.leadingZero) : afterDigits(byte)
        case .integer: return isDigit ? .next(.integer) : afterDigits(byte)
        case .point: return isDigit ? .next(.fraction) : .fault(.fraction)
        case .fraction where isDigit: return .next(.fraction)
        case .fraction: return byte == UInt8(ascii: ".") ? .end : afterDigits(byte)
        case .exponentMark where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"): return .next(.exponentSign)
        case .exponentMark, .exponentSign: return isDigit ? .next(.exponent) : .fault(.exponent)
        case .exponent: return isDigit ? .next(.exponent) : .end
        }
    }

    private func afterDigits(_ byte: UInt8) -> Step {
        switch byte {
        case UInt8(ascii: "."): .next(.point)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): .next(.exponentMark)
        default: .end
        }
    }
}

extension JSONIncrementalParser {
    // MARK: Numbers and literals

    mutating func takeInNumber(_ byte: UInt8) throws(JSONFailure) {
        switch numberState.step(byte) {
        case .next(let state):
            numberState = state
            token.append(byte)
        case .fault(let kind): throw failure(kind)
        case .end:
            try endNumber()
            // The byte after the number has the place after the value: white space, a comma, a bracket or a fault.
            try takeBetweenTokens(byte)
        }
    }

    /// Converts the number; throws when it is cut off or out of range.
    mutating func endNumber() throws(JSONFailure) {
        switch numberState {
        case .zero, .integer, .fraction, .exponent: break
        default: throw failure(numberState.expected)
        }
        do throws(JSONFailure) {
            endValue(try JSONParser.number(token, limits: limits))
        } catch {
            throw JSONFailure(kind: error.kind, offset: tokenStart)
        }
    }

    /// The word that the first byte of the token begins.
    var literal: (word: StaticString, value: JSONValue, kind: JSONFailure.Kind) {
        switch token.first {
        case UInt8(ascii: "t"): ("true", .bool(true), .literalTrue)
        case UInt8(ascii: "f"): ("false", .bool(false), .literalFalse)
        default: ("null", .null, .literalNull)
        }
    }

    mutating func takeInLiteral(_ byte: UInt8) throws(JSONFailure) {
        let (word, value, kind) = literal
        guard unsafe byte == word.utf8Start[token.count] else { throw failure(kind) }
        token.append(byte)
        if token.count == word.utf8CodeUnitCount { endValue(value) }
    }

    // MARK: Strings

    mutating func startString(isKey: Bool) {
        startToken()
        self.isKey = isKey
        checker = UTF8Checker()
        highSurrogate = nil
        state = .string
    }

    /// Takes the run of ASCII bytes from `start` that stand for themselves.
    ///
    /// - Returns: how many they are.
    mutating func plainBytes(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        if checker.isInsideSequence { return 0 }
        var end = start
        while end < bytes.count {
            let byte = unsafe bytes[end]
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        unsafe token.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        return end - start
    }

    mutating func takeInString(_ byte: UInt8) throws(JSONFailure) {
        if !checker.isInsideSequence {
            switch byte {
            case UInt8(ascii: "\""): return try endString()
            case UInt8(ascii: "\\"):
                escapeStart = offset
                state = .escape
                return
            case 0..<0x20: throw failure(.controlCharacter)
            default: sequenceStart = offset
            }
        }
        guard checker.accepts(byte) else { throw JSONFailure(kind: .utf8, offset: sequenceStart) }
        token.append(byte)
        if !checker.isInsideSequence { continuationBytes += checker.received - 1 }
    }

    private mutating func endString() throws(JSONFailure) {
        let text = String(decoding: token, as: UTF8.self)
        if isKey { try endKey(text) } else { endValue(.string(text)) }
    }

    mutating func takeInEscape(_ byte: UInt8) throws(JSONFailure) {
        switch state {
        case .codeUnit: try takeHexDigit(byte)
        case .lowBackslash:
            guard byte == UInt8(ascii: "\\") else { throw loneSurrogate }
            state = .lowLetter
        case .lowLetter:
            guard byte == UInt8(ascii: "u") else { throw loneSurrogate }
            startCodeUnit()
        default:
            if byte == UInt8(ascii: "u") { return startCodeUnit() }
            guard let decoded = JSONEscape.byte(for: byte) else { throw failure(.escape) }
            token.append(decoded)
            state = .string
        }
    }

    private mutating func startCodeUnit() {
        (codeUnit, codeUnitDigits) = (0, 0)
        state = .codeUnit
    }

    private mutating func takeHexDigit(_ byte: UInt8) throws(JSONFailure) {
        guard let digit = JSONEscape.hexValue(of: byte) else { throw failure(.hexDigit) }
        codeUnit = codeUnit << 4 | digit
        codeUnitDigits += 1
        if codeUnitDigits == 4 { try endCodeUnit() }
    }

    private mutating func endCodeUnit() throws(JSONFailure) {
        if let high = highSurrogate {
            guard JSONEscape.isLow(codeUnit) else { throw loneSurrogate }
            JSONEscape.append(JSONEscape.scalar(high: high, low: codeUnit), to: &token)
            highSurrogate = nil
            state = .string
        } else if JSONEscape.isHigh(codeUnit) {
            highSurrogate = codeUnit
            state = .lowBackslash
        } else if JSONEscape.isLow(codeUnit) {
            throw loneSurrogate
        } else {
            JSONEscape.append(codeUnit, to: &token)
            state = .string
        }
    }

    private var loneSurrogate: JSONFailure { JSONFailure(kind: .loneSurrogate, offset: escapeStart) }
}
