// SPDX-License-Identifier: Apache-2.0

/// Decides whether a page of a PDF is read from its text layer or from its pixels.
enum PageSource: String, Equatable {
    case textLayer = "text_layer"
    case pixels

    /// What `AGENT_OCR_SOURCE` asks for.
    enum Wish: String, CaseIterable {
        case auto, text, pixels
    }

    /// Less than this beside a picture of most of the page is a stamp or a page number on a scan.
    private static let fewWords = 25

    /// - Parameters:
    ///   - layer: the words of the page by the PDF itself.
    ///   - pictureShare: of the page's area that its largest picture covers, 0…1.
    init(_ wish: Wish, layer: String, pictureShare: Double) {
        switch wish {
        case .text: self = .textLayer
        case .pixels: self = .pixels
        case .auto:
            let words = WordCoverage.words(layer).count
            let isScan = words < Self.fewWords && pictureShare >= 0.5
            self = words == 0 || isScan || Self.isGarbled(layer) ? .pixels : .textLayer
        }
    }

    /// Whether more than a tenth of what is written has no meaning: fonts whose glyphs the PDF does not name.
    static func isGarbled(_ layer: String) -> Bool {
        var all = 0
        var strange = 0
        for scalar in layer.unicodeScalars where !scalar.properties.isWhitespace {
            all += 1
            switch scalar.properties.generalCategory {
            case .control, .privateUse, .unassigned, .surrogate: strange += 1
            default: if scalar.value == 0xFFFD { strange += 1 }
            }
        }
        return strange * 10 > all
    }
}
