// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import agent

@Suite struct TerminalTextTests {
    private func shown(_ bytes: [UInt8], pieces: Int = .max) -> String {
        var filter = TerminalText()
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: min(pieces, max(1, bytes.count))) {
            result += filter.next(bytes[start..<min(bytes.count, start + min(pieces, bytes.count))])
        }
        return String(decoding: result + filter.end(), as: UTF8.self)
    }

    /// Each with what a terminal gets instead.
    static let cases: [(text: String, shown: String)] = [
        ("plain text\n\ttab", "plain text\n\ttab"),
        ("Grüße, 日本語, 🙂, a\u{301}", "Grüße, 日本語, 🙂, a\u{301}"),
        ("\u{1B}[2J\u{1B}[31mred\u{1B}[0m", #"\u{1B}[2J\u{1B}[31mred\u{1B}[0m"#),
        ("\u{1B}]0;title\u{7}", #"\u{1B}]0;title\u{7}"#),
        ("\u{1B}]8;;http://evil.test\u{1B}\\here", #"\u{1B}]8;;http://evil.test\u{1B}\here"#),
        ("\u{1B}]52;c;aGk=\u{7}", #"\u{1B}]52;c;aGk=\u{7}"#),
        ("\u{1B}P$q\u{1B}\\", #"\u{1B}P$q\u{1B}\"#),
        ("a\u{9B}31mb\u{9D}0;t\u{9C}", #"a\u{9B}31mb\u{9D}0;t\u{9C}"#),
        ("safe\rEVIL", #"safe\u{D}EVIL"#),
        ("end\r\nnext\r", "end\nnext\\u{D}"),
        ("a\u{8}\u{8}b\u{0}c\u{7F}d\u{E}", #"a\u{8}\u{8}b\u{0}c\u{7F}d\u{E}"#),
        ("a\u{202E}txt.exe\u{202C}\u{2066}x\u{2069}", #"a\u{202E}txt.exe\u{202C}\u{2066}x\u{2069}"#),
        ("a\u{200B}b\u{2060}c\u{FEFF}d\u{AD}e\u{200E}", #"a\u{200B}b\u{2060}c\u{FEFF}d\u{AD}e\u{200E}"#),
        ("x\u{E0041}\u{E0042}", #"x\u{E0041}\u{E0042}"#),
        ("a\u{2028}b\u{2029}c\u{3164}d", #"a\u{2028}b\u{2029}c\u{3164}d"#),
        // Joiners and variation selectors where writing needs them, and nowhere else.
        (
            "👩\u{200D}💻 ❤\u{FE0F} 1\u{FE0F}\u{20E3} می\u{200C}خواهم",
            "👩\u{200D}💻 ❤\u{FE0F} 1\u{FE0F}\u{20E3} می\u{200C}خواهم"
        ),
        ("pass\u{200D}word \u{FE0F}", #"pass\u{200D}word \u{FE0F}"#),
        ("❤\u{FE0F}\u{FE01}\u{FE02}", "❤\u{FE0F}\\u{FE01}\\u{FE02}"),
    ]

    @Test(arguments: cases) func spellsOutWhatIsNotVisible(text: String, shown: String) {
        #expect(self.shown(Array(text.utf8)) == shown)
        #expect(Printable.escaped(text) == shown)
    }

    /// A sequence that is split over two prints must not get through in halves.
    @Test(arguments: cases, [1, 2, 3]) func isTheSameInPieces(example: (text: String, shown: String), size: Int) {
        #expect(shown(Array(example.text.utf8), pieces: size) == example.shown)
    }

    @Test(
        arguments: [
            ([0x61, 0x9B, 0x33, 0x31, 0x6D], #"a\x9B31m"#), ([0xC3], #"\xC3"#), ([0xE2, 0x82], #"\xE2\x82"#),
            ([0xC0, 0x9B], #"\xC0\x9B"#), ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
            ([0xF4, 0x90, 0x80, 0x80], #"\xF4\x90\x80\x80"#),
            ([0xE0, 0x9F, 0xBF], #"\xE0\x9F\xBF"#), ([0xF0, 0x8F, 0xBF, 0xBF], #"\xF0\x8F\xBF\xBF"#),
            ([0xFF, 0xFE], #"\xFF\xFE"#),
            ([0xE2, 0x1B, 0x5B], #"\xE2\u{1B}["#), ([0xF0, 0x9F, 0xC3, 0xA9], #"\xF0\x9Fé"#),
            ([0xC2, 0x9B], #"\u{9B}"#),
        ] as [([UInt8], String)])
    func spellsOutBytesThatAreNoText(bytes: [UInt8], shown: String) {
        #expect(self.shown(bytes) == shown)
        #expect(self.shown(bytes, pieces: 1) == shown)
    }

    @Test func aCharacterThatIsNotCompleteWaits() {
        var filter = TerminalText()
        #expect(filter.next([0xF0, 0x9F]) == [])
        #expect(filter.next([0x99, 0x82, 0x41]) == Array("🙂A".utf8))
        #expect(filter.end() == [])
    }

    /// Whatever comes, what a terminal gets is text without control characters.
    @Test func noBytesGetThrough() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<40).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator)
                    : [0x1B, 0x9B, 0xC2, 0xE2, 0x80, 0xAE, 0x0D].randomElement(using: &generator) ?? 0x1B
            }
            let text = shown(bytes, pieces: Int.random(in: 1...8, using: &generator))
            let isHarmless = text.unicodeScalars.allSatisfy { scalar in
                switch scalar.value {
                case 0x09, 0x0A, 0x20...0x7E: true
                case 0x00...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
                default: true
                }
            }
            #expect(isHarmless, "\(bytes)")
            #expect(text == shown(bytes), "\(bytes)")
        }
    }

    @Test func ownStyleStaysAndNothingElse() {
        let style = Style(isOn: true)
        let line = style.red("bad") + style.dim("x\u{1B}[8mhidden") + "\r" + ProgressLine.clearing + "\u{1B}[2J"
        #expect(
            Printable.styled(line)
                == "\u{1B}[31mbad\u{1B}[0m\u{1B}[2mx\\u{1B}[8mhidden\u{1B}[0m\r\u{1B}[2K\\u{1B}[2J")
    }
}
