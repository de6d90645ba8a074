// SPDX-License-Identifier: Apache-2.0

/// Characters of any script in letters, digits and hyphens: RFC 3492, with the parameters of §5.
enum Punycode {
    /// `xn--` (RFC 5890 §2.3.2.1).
    static let prefix: [UInt32] = [0x78, 0x6E, 0x2D, 0x2D]

    private static let base = 36
    private static let leastThreshold = 1
    private static let greatestThreshold = 26
    private static let skew = 38
    private static let damp = 700
    private static let initialBias = 72
    private static let initialCode = 0x80

    /// What `text`, ASCII in lower case, stands for; `nil` when it is no Punycode (§6.2). The values may be surrogates.
    static func decode(_ text: ArraySlice<UInt32>) -> [UInt32]? {
        var output: [UInt32] = []
        var rest = text
        if let delimiter = text.lastIndex(of: 0x2D), delimiter > text.startIndex {
            output = Array(text[..<delimiter])
            rest = text[(delimiter + 1)...]
        }
        var code = initialCode
        var index = 0
        var bias = initialBias
        while !rest.isEmpty {
            let start = index
            guard takeInteger(&rest, bias: bias, addingTo: &index) else { return nil }
            let count = output.count + 1
            bias = adapt(index - start, count: count, isFirst: start == 0)
            code += index / count
            index %= count
            guard code <= 0x10FFFF else { return nil }
            output.insert(UInt32(code), at: index)
            index += 1
        }
        return output
    }

    /// Reads one integer of variable length (§3.3).
    private static func takeInteger(_ rest: inout ArraySlice<UInt32>, bias: Int, addingTo sum: inout Int) -> Bool {
        var weight = 1
        var position = base
        while let digit = rest.popFirst().flatMap(digitValue) {
            sum += digit * weight
            // Beyond what the last place of the longest label with the last character needs. It keeps `weight` small
            // too, since a digit that is not the last one is at least 1.
            guard sum < 1 << 32 else { return false }
            let threshold = threshold(at: position, bias: bias)
            if digit < threshold { return true }
            weight *= base - threshold
            position += base
        }
        return false
    }

    private static func digitValue(_ character: UInt32) -> Int? {
        switch character {
        case 0x61...0x7A: Int(character) - 0x61
        case 0x30...0x39: Int(character) - 0x30 + 26
        default: nil
        }
    }

    /// How many octets `label` takes (§6.3), without the prefix; `label` has at most 63 scalar values.
    static func encodedLength(of label: [UInt32]) -> Int {
        let basicCount = label.count { $0 < 0x80 }
        var length = basicCount + (basicCount > 0 ? 1 : 0)
        var code = initialCode
        var delta = 0
        var bias = initialBias
        var handled = basicCount
        while handled < label.count {
            guard let next = label.lazy.map({ Int($0) }).filter({ $0 >= code }).min() else { break }
            delta += (next - code) * (handled + 1)
            code = next
            for value in label {
                if value < code { delta += 1 }
                guard value == code else { continue }
                length += integerLength(delta, bias: bias)
                bias = adapt(delta, count: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return length
    }

    private static func integerLength(_ integer: Int, bias: Int) -> Int {
        var rest = integer
        var length = 1
        var position = base
        while true {
            let threshold = threshold(at: position, bias: bias)
            if rest < threshold { return length }
            rest = (rest - threshold) / (base - threshold)
            length += 1
            position += base
        }
    }

    private static func threshold(at position: Int, bias: Int) -> Int {
        min(max(position - bias, leastThreshold), greatestThreshold)
    }

    /// §6.1.
    private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var bias = 0
        while delta > (base - leastThreshold) * greatestThreshold / 2 {
            delta /= base - leastThreshold
            bias += base
        }
        return bias + (base - leastThreshold + 1) * delta / (delta + skew)
    }
}
