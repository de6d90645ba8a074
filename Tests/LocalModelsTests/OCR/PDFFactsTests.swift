// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import LocalModels

@Suite struct PDFFactsTests {
    private static let info = """
        Title:           Page    1 size:  1 x 1 pts
        Pages:           3
        Page    1 size:  612 x 792 pts (letter)
        Page    1 rot:   0
        Page    2 size:  595.276 x 841.89 pts (A4)
        Page    2 rot:   90
        Page    3 size:  7200 x 3600 pts
        Page    3 rot:   0
        File size:       1012 bytes
        """

    @Test func sizesAreThoseThatAreShown() throws {
        let pages = try PDFFacts(info: Self.info).pages
        #expect(pages.map(\.width) == [612, 841.89, 7200])
        #expect(pages.map(\.height) == [792, 595.276, 3600])
    }

    @Test func aPosterIsDrawnWithFewerDots() throws {
        #expect(try PDFFacts(info: Self.info).pages.map(\.dpi) == [300, 300, 100])
    }

    @Test func theLargestPictureOfAPageCounts() throws {
        var facts = try PDFFacts(info: Self.info)
        facts.add(
            images: """
                page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi size ratio
                --------------------------------------------------------------------------------------------
                   1     0 image    1275  1650  gray    1   8  image  no         3  0   150   150 2055K 100%
                   1     1 image     100   100  gray    1   8  image  no         4  0   100   100 9.8K 100%
                   3     2 image     100   100  gray    1   8  image  no         4  0     0     0 9.8K 100%
                   9     3 image     100   100  gray    1   8  image  no         4  0   100   100 9.8K 100%
                """)
        #expect(facts.pages.map(\.pictureShare) == [1, 0, 0])
    }

    @Test(arguments: ["", "Pages: 2\nPage    1 size:  612 x 792 pts", "Pages: x"]) func aPageWithoutSizeIsRefused(
        info: String
    ) {
        let error = #expect(throws: ModelError.self) { try PDFFacts(info: info) }
        #expect(error?.code == .invalidResponse)
    }
}
