// SPDX-License-Identifier: Apache-2.0

import StringFormats
import Testing

@Suite struct FormatFuzzTests {
    /// SplitMix64: the same numbers for the same seed on every machine.
    private struct SeededRandom: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let seeds = [
        "2026-11-24T09:30:00.5+01:00", "23:59:60Z", "P1Y2M3DT4H5M6S", "\"a\\ b\".c@[IPv6:::1]",
        "www.xn--bcher-kva.example", "bücher.실례",
        "بي\u{200C}بي.l·l", "e\u{323}\u{302}.\u{9C7}\u{9BE}", "192.0.2.1", "1:2:3::1.2.3.4",
        "https://u:p@[v1.a]:80/%41é?\u{E000}#x",
        "http://{+a.b:12,%41*}/é", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "10-2/a~0b~1",
        "xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    ]

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let pieces: [[UInt8]] = [
            [], [0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], Array("xn--".utf8), Array("é".utf8),
        ]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 0...3, using: &random))
            var piece = pieces.randomElement(using: &random) ?? []
            if Bool.random(using: &random) { piece = [UInt8.random(in: 0...127, using: &random)] }
            bytes.replaceSubrange(start..<end, with: piece)
        }
    }

    /// Any bytes get an answer, the same one each time, and what is no UTF-8 is in no name.
    @Test(arguments: 0..<8) func anyBytesGetAnAnswer(seed: UInt64) {
        var random = SeededRandom(state: seed)
        for _ in 0..<2_000 {
            var bytes = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
            Self.mutate(&bytes, &random)
            let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
            for format in StringFormat.all {
                let answer = bytes.withUnsafeBufferPointer { format.accepts($0) }
                let isPointer = format == .jsonPointer || format == .relativeJSONPointer
                if answer, !isPointer { #expect(isUTF8, "\(format.name) \(bytes)") }
                if isUTF8 { #expect(format.accepts(String(decoding: bytes, as: UTF8.self)) == answer) }
            }
        }
    }

    /// A cut text is read to its end and no further.
    @Test(arguments: seeds) func everyPrefixGetsAnAnswer(seed: String) {
        let bytes = Array(seed.utf8)
        for end in bytes.indices {
            let prefix = Array(bytes[..<end])
            for format in StringFormat.all {
                let inPlace = bytes.withUnsafeBufferPointer {
                    format.accepts(UnsafeBufferPointer(rebasing: $0[..<end]))
                }
                #expect(inPlace == prefix.withUnsafeBufferPointer { format.accepts($0) })
            }
        }
    }

    /// Long input of every kind ends soon; a quadratic check would take minutes for this.
    @Test(arguments: StringFormat.all) func longInputIsReadInOnePass(format: StringFormat) {
        for piece in [
            "a", ".", "a.", "1:", "/a", "%41", "ü", "\u{301}", "{a}", "{a,", "@", "\"", "[", "1", "P1Y", "a:", "~0",
            "xn--",
        ] {
            let text = String(repeating: piece, count: 30_000)
            _ = format.accepts(text)
            _ = format.accepts("a@" + text)
            _ = format.accepts("a://" + text)
        }
    }
}
