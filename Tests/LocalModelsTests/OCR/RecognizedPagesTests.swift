// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import LocalModels

@Suite struct RecognizedPagesTests {
    private static let head =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"

    private static func row(_ level: Int, _ confidence: String = "-1", _ text: String = "", size: Int = 9) -> String {
        "\(level)\t1\t1\t1\t1\t1\t0\t0\t\(size)\t\(size * 2)\t\(confidence)\t\(text)\n"
    }

    @Test func paragraphsAreApartAndLinesAreKept() throws {
        let table =
            Self.head + Self.row(1, size: 300) + Self.row(2) + Self.row(3) + Self.row(4) + Self.row(5, "90", "Two")
            + Self.row(5, "80.5", "words") + Self.row(4) + Self.row(5, "70", "line") + Self.row(2) + Self.row(3)
            + Self.row(4) + Self.row(5, "95", " ") + Self.row(2) + Self.row(3) + Self.row(4) + Self.row(5, "60", "end")
        let pages = try RecognizedPages(table: table).pages
        #expect(pages == [.init(width: 300, height: 600, text: "Two words\nline\n\nend", confidence: 0.7513)])
    }

    @Test func eachPageOfAFileIsAPage() throws {
        let page = Self.row(1) + Self.row(2) + Self.row(3) + Self.row(4) + Self.row(5, "50", "x")
        let pages = try RecognizedPages(table: Self.head + page + Self.row(1) + page).pages
        #expect(pages.map(\.text) == ["x", "", "x"])
        #expect(pages.map(\.confidence) == [0.5, nil, 0.5])
    }

    @Test func anotherTableIsRefused() {
        #expect(throws: ModelError.self) { try RecognizedPages(table: "") }
        #expect(throws: ModelError.self) { try RecognizedPages(table: "read_params_file: cannot open tsv\n") }
    }

    @Test func whiteSpaceIsTidied() {
        #expect(PageText.tidy("\n\n a  \n\n\n\nb\u{C}\n \n") == " a\n\nb")
        #expect(PageText.tidy(" \n\u{C}") == "")
    }
}
