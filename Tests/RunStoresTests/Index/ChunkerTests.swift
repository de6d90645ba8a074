// SPDX-License-Identifier: Apache-2.0

import RunStores
import Testing

@Suite struct ChunkerTests {
    private func chunks(_ text: String, maximum: Int = 1_200, overlap: Int = 200, isMarkdown: Bool = true) -> [Chunk] {
        Chunker(Chunking(maximumBytes: maximum, overlapBytes: overlap))
            .chunks(of: Array(text.utf8), isMarkdown: isMarkdown)
    }

    @Test func aSectionIsAPassageUnderItsHeadings() {
        let found = chunks("# Guide\n\nHello.\n\n## Install\n\nRun it.\n\n## Use\nGo.\n# Other\nEnd.\n")
        #expect(found.map(\.text) == ["# Guide\n\nHello.", "## Install\n\nRun it.", "## Use\nGo.", "# Other\nEnd."])
        #expect(found.map(\.headings) == [["Guide"], ["Guide", "Install"], ["Guide", "Use"], ["Other"]])
        #expect(found.map(\.lines) == [1...3, 5...7, 9...10, 11...12])
        #expect(found[1].embedded == "Guide\n\n## Install\n\nRun it.")
    }

    @Test func headingsWithoutTextBetweenThemStayTogether() {
        let found = chunks("# Guide\n## Install\n\nRun it.\n")
        #expect(found.map(\.text) == ["# Guide\n## Install\n\nRun it."])
        #expect(found[0].headings == ["Guide", "Install"])
        #expect(found[0].context == [])
    }

    @Test func underlinedHeadingsCount() {
        let found = chunks("Guide\n=====\n\nHello.\n\nInstall\n-------\n\nRun it.\n")
        #expect(found.map(\.headings) == [["Guide"], ["Guide", "Install"]])
    }

    @Test func hashesInFencesAndMetadataAreNoHeadings() {
        let found = chunks("---\ntitle: x\n# no\n---\n# Yes #\n\n```sh\n# no\n```\n\n    # no\n\n#no\n")
        #expect(found.map(\.headings) == [[], ["Yes"]])
    }

    @Test func aFenceThatFitsIsKeptWhole() {
        let prose = String(repeating: "word ", count: 12) + "\n\n"
        let code = "```\n" + String(repeating: "let x = 1\n\n", count: 6) + "```\n"
        let found = chunks(prose + code + "\nEnd.\n", maximum: 100, overlap: 0)
        #expect(found.contains { $0.text.contains(code) }, "\(found.map(\.text))")
    }

    @Test func passagesOverlapByWholeLines() {
        let text = (1...60).map { "line \($0) of the text\n" }.joined()
        let found = chunks(text, maximum: 200, overlap: 60)
        #expect(found.count > 5)
        for (one, next) in zip(found, found.dropFirst()) {
            #expect(next.bytes.lowerBound < one.bytes.upperBound)
            #expect(one.bytes.upperBound - next.bytes.lowerBound <= 60)
            #expect(next.text.hasPrefix("line "))
        }
    }

    @Test func longLinesAreCutAfterSentences() {
        let text = String(repeating: "This is a sentence. ", count: 20)
        let found = chunks(text, maximum: 128, overlap: 0)
        #expect(found.count > 3)
        #expect(found.allSatisfy { $0.text.hasSuffix(".") && $0.lines == 1...1 }, "\(found.map(\.text))")
    }

    @Test(arguments: ["", "\n \n\t\n", "\u{FEFF}", "\u{FEFF}\n"]) func emptyTextHasNoPassage(text: String) {
        #expect(chunks(text).isEmpty)
    }

    @Test func linesOfWindowsAreCountedOnce() {
        let found = chunks("# A\r\n\r\none\r\n# B\r\ntwo\r\n")
        #expect(found.map(\.lines) == [1...3, 4...5])
        #expect(found[0].text == "# A\r\n\r\none")
    }

    @Test func aPassageThatIsTooLongIsHalvedInPlace() throws {
        let text = "# T\n\n" + (1...40).map { "number \($0) is here\n" }.joined()
        let whole = try #require(chunks(text, maximum: 2_000).first)
        let parts = try #require(Chunker().split(whole))
        #expect(parts.count == 2 || parts.count == 3)
        for part in parts {
            #expect(part.text.utf8.elementsEqual(Array(text.utf8)[part.bytes]))
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(part.text.hasPrefix(lines[part.lines.lowerBound - 1]))
        }
        #expect(parts[1].context == ["T"])
    }
}

/// Texts made of all that may go wrong, cut in all sizes.
@Suite struct ChunkerFuzzTests {
    private static let parts = [
        "a", "word ", "A sentence. ", "\n", "\n\n", "\r\n", "# H\n", "## 标题\n", "```\n", "~~~\n", "é", "e\u{301}", "👩‍👩‍👧‍👦",
        "🇫🇷🇩🇪", "文字。", "\t", "   ", "- item\n", "| a | b |\n", "---\n", "===\n", "\u{FEFF}", "\u{200D}",
        String(repeating: "x", count: 90), String(repeating: "\u{301}", count: 60), String(repeating: " ", count: 99),
        String(repeating: "ünï ", count: 40), "    code\n",
    ]

    private func text(_ random: inout SplitMix) -> String {
        (0..<Int.random(in: 0...80, using: &random)).map { _ in
            Self.parts.randomElement(using: &random) ?? ""
        }.joined()
    }

    @Test func rangesGiveBackTheSource() {
        var random = SplitMix(state: 11)
        for round in 0..<3_000 {
            let source = Array(text(&random).utf8)
            let maximum = Int.random(in: 64...300, using: &random)
            let chunking = Chunking(maximumBytes: maximum, overlapBytes: Int.random(in: 0...maximum, using: &random))
            let isMarkdown = Bool.random(using: &random)
            let found = Chunker(chunking).chunks(of: source, isMarkdown: isMarkdown)
            let again = Chunker(chunking).chunks(of: source, isMarkdown: isMarkdown)
            #expect(found == again)
            if let fault = fault(found, source, chunking) {
                Issue.record("round \(round): \(fault): \(String(decoding: source, as: UTF8.self).debugDescription)")
                return
            }
        }
    }

    private func fault(_ chunks: [Chunk], _ source: [UInt8], _ chunking: Chunking) -> String? {
        var (start, covered) = (-1, 0)
        let boundaries = boundaries(source)
        for chunk in chunks {
            if Array(chunk.text.utf8) != Array(source[chunk.bytes]) { return "text is not the range \(chunk.bytes)" }
            if chunk.bytes.count > chunking.maximumBytes || chunk.bytes.isEmpty { return "size of \(chunk.bytes)" }
            if chunk.bytes.lowerBound <= start { return "order at \(chunk.bytes)" }
            if chunk.bytes.upperBound <= covered { return "\(chunk.bytes) adds nothing" }
            if covered - chunk.bytes.lowerBound > chunking.overlapBytes { return "overlap at \(chunk.bytes)" }
            if lines(source, chunk.bytes) != chunk.lines { return "lines of \(chunk.bytes): \(chunk.lines)" }
            for end in [chunk.bytes.lowerBound, chunk.bytes.upperBound] where boundaries[end] == nil {
                return "a character is cut at \(end)"
            }
            if covered < chunk.bytes.lowerBound, !isBlank(source[covered..<chunk.bytes.lowerBound]) {
                return "text left out before \(chunk.bytes)"
            }
            (start, covered) = (chunk.bytes.lowerBound, chunk.bytes.upperBound)
        }
        return isBlank(source[covered...]) ? nil : "text left out at the end"
    }

    private func lines(_ source: [UInt8], _ bytes: Range<Int>) -> ClosedRange<Int> {
        let before = source[..<bytes.lowerBound].count { $0 == 10 }
        return before + 1...before + 1 + source[bytes.dropLast()].count { $0 == 10 }
    }

    private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.unicodeScalars.allSatisfy { "\u{FEFF} \t\r\n".unicodeScalars.contains($0) }
    }

    /// The offsets at which a character begins, and those of scalars in characters that are longer than any passage.
    private func boundaries(_ source: [UInt8]) -> [Int: Bool] {
        var (offset, found) = (0, [source.count: true])
        for character in String(decoding: source, as: UTF8.self) {
            found[offset] = true
            var inner = offset
            // What belongs to it in the whole text may stand apart in a piece of it, and it must not be too long for one.
            for scalar in character.unicodeScalars {
                if character.utf8.count > 32 || character.isWhitespace { found[inner] = true }
                inner += UTF8.width(scalar)
            }
            offset = inner
        }
        return found
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
