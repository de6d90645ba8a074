// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalModels

@Suite struct PageSourceTests {
    private static let prose = TwoColumns.left.joined(separator: " ") + TwoColumns.right.joined(separator: " ")

    @Test func aTextLayerIsUsedWhereThereIsOne() {
        #expect(PageSource(.auto, layer: Self.prose, pictureShare: 0) == .textLayer)
        #expect(PageSource(.auto, layer: "Chapter 1", pictureShare: 0.1) == .textLayer)
    }

    /// A scan that was read before holds its text behind the picture.
    @Test func aTextBehindAScanIsUsed() {
        #expect(PageSource(.auto, layer: Self.prose, pictureShare: 1) == .textLayer)
    }

    @Test func aScanWithAStampIsReadByItsPixels() {
        #expect(PageSource(.auto, layer: "Page 3 of 12 COPY", pictureShare: 0.9) == .pixels)
    }

    @Test(arguments: ["", " \n\u{C}", "— …"]) func aPageWithoutWordsIsReadByItsPixels(layer: String) {
        #expect(PageSource(.auto, layer: layer, pictureShare: 0) == .pixels)
    }

    @Test func aLayerWithoutMeaningIsNotUsed() {
        let garbled = "ab \u{F0A3}\u{F0B1}\u{F0C2} \u{FFFD}\u{FFFD} \u{1}\u{2}"
        #expect(PageSource.isGarbled(garbled))
        #expect(PageSource(.auto, layer: garbled, pictureShare: 0) == .pixels)
        #expect(!PageSource.isGarbled(Self.prose + " \u{FFFD}"))
    }

    @Test func aWishDecides() {
        #expect(PageSource(.pixels, layer: Self.prose, pictureShare: 0) == .pixels)
        #expect(PageSource(.text, layer: "", pictureShare: 1) == .textLayer)
    }
}
