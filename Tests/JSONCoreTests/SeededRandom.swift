// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    mutating func string() -> String {
        let alphabet: [UnicodeScalar] = [
            "a", "b", "z", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "é", "€", "\u{1F600}", "\u{301}", " ",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<below(20) { text.append(alphabet[below(alphabet.count)]) }
        return String(text)
    }

    mutating func value(depth: Int = 5) -> JSONValue {
        switch below(depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .integer(Int64(bitPattern: next()) >> below(64))
        case 3: return .number(Double(below(1 << 30)) / 1024)
        case 4:
            let number = Double(bitPattern: next())
            return .number(number.isFinite ? number : 0.5)
        case 5: return .string(string())
        case 6: return .array((0..<below(5)).map { _ in value(depth: depth - 1) })
        default:
            return .object(
                JSONObject((0..<below(below(4) == 0 ? 20 : 4)).map { _ in (string(), value(depth: depth - 1)) }))
        }
    }
}
