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
