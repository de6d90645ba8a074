// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// Reads the number at `position`: RFC 8259 §6.
    mutating func number() throws(JSONFailure) -> JSONValue {
        let start = position
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        var mantissa: UInt64 = 0
        let first = position
        try integerDigits(into: &mantissa)
        var digits = position &- first
        let next = current
        if next != UInt8(ascii: ".") && next | 0x20 != UInt8(ascii: "e") {
            if digits < 19 && !(isNegative && mantissa == 0) {
                let magnitude = Int64(bitPattern: mantissa)
                return .integer(isNegative ? 0 &- magnitude : magnitude)
            }
            return try longInteger(from: start, first: first, isNegative: isNegative)
        }
        var exponent = 0
        if next == UInt8(ascii: ".") {
            position &+= 1
            let point = position
            try someDigits(into: &mantissa, expecting: .fraction)
            exponent = point &- position
            digits &-= exponent
        }
        if current | 0x20 == UInt8(ascii: "e") { exponent &+= try self.exponent() }
        // Clinger's fast path: a mantissa and a power of ten that doubles hold exactly give a correctly rounded result.
        if digits <= 19 && mantissa <= 1 << 53 && exponent >= -22 && exponent <= 22 {
            let magnitude = Double(mantissa)
            let value = exponent < 0 ? magnitude / Self.power(-exponent) : magnitude * Self.power(exponent)
            return .number(isNegative ? -value : value)
        }
        return .number(try longDouble(from: start))
    }

    /// Converts the text of a number whose grammar has been checked; a failure has its offset in `text`.
    static func number(_ text: [UInt8], limits: JSONLimits) throws(JSONFailure) -> JSONValue {
        let result: Result<JSONValue, JSONFailure> = unsafe text.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return .failure(JSONFailure(kind: .digit, offset: 0)) }
            var parser = unsafe JSONParser(base: base, count: bytes.count, limits: limits)
            do throws(JSONFailure) { return .success(try parser.number()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private mutating func integerDigits(into mantissa: inout UInt64) throws(JSONFailure) {
        if current == UInt8(ascii: "0") {
            position &+= 1
            if current &- 0x30 <= 9 { throw failure(.leadingZero) }
        } else {
            try someDigits(into: &mantissa, expecting: .digit)
        }
    }

    @inline(__always)
    private mutating func someDigits(
        into mantissa: inout UInt64, expecting kind: JSONFailure.Kind
    ) throws(JSONFailure) {
        var digit = current &- 0x30
        if digit > 9 { throw failure(kind) }
        repeat {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position &+= 1
            digit = current &- 0x30
        } while digit <= 9
    }

    private mutating func exponent() throws(JSONFailure) -> Int {
        position &+= 1
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { position &+= 1 }
        var digit = current &- 0x30
        if digit > 9 { throw failure(.exponent) }
        var value = 0
        repeat {
            // Far beyond any double; the text itself decides then.
            if value < 100_000 { value = value &* 10 &+ Int(digit) }
            position &+= 1
            digit = current &- 0x30
        } while digit <= 9
        return isNegative ? -value : value
    }

    /// An integer of 19 or more digits, or `-0`, which only a double can hold.
    @inline(never)
    private func longInteger(from start: Int, first: Int, isNegative: Bool) throws(JSONFailure) -> JSONValue {
        if let exact = Int64(text(from: start)), exact != 0 { return .integer(exact) }
        if position - first == 1 && byte(at: first) == UInt8(ascii: "0") { return .number(-0.0) }
        guard roundsBigNumbers else { throw JSONFailure(kind: .notInt64, offset: start) }
        return .number(try longDouble(from: start))
    }

    @inline(never) private func longDouble(from start: Int) throws(JSONFailure) -> Double {
        guard let value = Double(text(from: start)), value.isFinite else {
            throw JSONFailure(kind: .numberOutOfRange, offset: start)
        }
        return value
    }

    private func text(from start: Int) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: base + start, count: position - start), as: UTF8.self)
    }

    @inline(__always) private static func power(_ exponent: Int) -> Double { powersOfTen[exponent] }
}

/// The powers of ten that a double holds exactly.
private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
