// SPDX-License-Identifier: Apache-2.0

/// What a parser ran into: small enough to cost nothing until it is made a ``JSONError``.
struct JSONFailure: Error {
    enum Kind: UInt8 {
        case value, firstElement, firstKey, key, colon, objectComma, arrayComma, trailing
        case literalTrue, literalFalse, literalNull
        case controlCharacter, escape, hexDigit, loneSurrogate, utf8
        case digit, fraction, exponent, leadingZero, numberOutOfRange, notInt64
        case duplicateKey, depth, size, values
    }

    let kind: Kind
    let offset: Int

    /// - Parameters:
    ///   - found: the byte at `offset`, `nil` at the end of the text.
    ///   - token: the duplicate key, where that is the failure.
    func error(found: UInt8?, line: Int, column: Int, token: String? = nil, limits: JSONLimits) -> JSONError {
        let code: JSONError.Code
        let message: String
        if let expected {
            code = found == nil ? .unexpectedEnd : kind.code
            message = "expected \(expected), found \(Self.describe(found, offset: offset))"
        } else {
            code = kind.code
            message = sentence(token: token, limits: limits)
        }
        return JSONError(code, offset: offset, line: line, column: column, message)
    }

    /// What should have stood at the offset; `nil` for the failures that are not about one byte.
    fileprivate var expected: String? {
        switch kind {
        case .value: "a value"
        case .firstElement: "a value or ']' after '['"
        case .firstKey: "a key in double quotes or '}' after '{'"
        case .key: "a key in double quotes after ','"
        case .colon: "':' after a key"
        case .objectComma: "',' or '}' after an object value"
        case .arrayComma: "',' or ']' after an array element"
        case .trailing: "the end of the text after the value"
        case .literalTrue: "the literal true"
        case .literalFalse: "the literal false"
        case .literalNull: "the literal null"
        case .controlCharacter: "'\"' at the end of a string, or an escape such as \\n for a control character"
        case .escape: "one of \"\\/bfnrtu after a backslash"
        case .hexDigit: "four hexadecimal digits after \\u"
        case .digit: "a digit after '-'"
        case .fraction: "a digit after the decimal point"
        case .exponent: "a digit in the exponent"
        default: nil
        }
    }

    private func sentence(token: String?, limits: JSONLimits) -> String {
        switch kind {
        case .loneSurrogate: "half of a surrogate pair, which is not a character"
        case .utf8: "bytes that are not UTF-8"
        case .leadingZero: "a number with a leading zero"
        case .numberOutOfRange: "a number too large for a 64-bit floating-point number"
        case .notInt64: "an integer that does not fit 64 bits"
        case .duplicateKey: "the key \(JSONFailure.quote(token ?? "")) stands twice in one object"
        case .depth: "nested deeper than \(limits.effectiveDepth) levels"
        case .size: "longer than \(limits.bytes) bytes"
        default: "more than \(limits.values) values"
        }
    }

    private static func quote(_ key: String) -> String {
        let shown = key.unicodeScalars.prefix(40)
        return "\"" + String(shown) + (shown.endIndex == key.endIndex ? "\"" : "…\"")
    }

    private static func describe(_ byte: UInt8?, offset: Int) -> String {
        guard let byte else { return "the end of the text" }
        let digits = String(byte, radix: 16, uppercase: true)
        let hex = "0x" + (digits.count == 1 ? "0" + digits : digits)
        if byte == 0xEF && offset == 0 { return hex + " (a byte order mark, RFC 8259 §8.1?)" }
        return (0x20..<0x7F).contains(byte) ? "\(hex) ('\(Character(UnicodeScalar(byte)))')" : hex
    }
}

extension JSONFailure.Kind {
    /// Whether one byte was expected and another came, or the end.
    var isAboutOneByte: Bool { JSONFailure(kind: self, offset: 0).expected != nil }

    fileprivate var code: JSONError.Code {
        switch self {
        case .trailing: .trailingText
        case .controlCharacter: .controlCharacter
        case .escape, .hexDigit: .invalidEscape
        case .loneSurrogate: .loneSurrogate
        case .utf8: .invalidUTF8
        case .digit, .fraction, .exponent, .leadingZero: .invalidNumber
        case .numberOutOfRange, .notInt64: .numberOutOfRange
        case .duplicateKey: .duplicateKey
        case .depth: .depthLimit
        case .size: .sizeLimit
        case .values: .valueLimit
        default: .unexpectedByte
        }
    }
}
