// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A page of a document: its text, where that comes from, and how much of the text layer is in it.
struct ReadPage: Sendable {
    /// From 0.
    let index: Int
    let source: PageSource
    private(set) var text: String
    /// Dots an inch of `width` and `height`; 0 where a picture does not say.
    let dpi: Int
    /// Pixels.
    private var width: Int
    private var height: Int
    private var confidence: Double?
    /// The page's text by the PDF itself.
    private let layer: String

    init(index: Int, page: PDFFacts.Page, source: PageSource, layer: String, text: String) {
        self.index = index
        self.source = source
        self.layer = layer
        self.text = PageText.tidy(text)
        dpi = page.dpi
        width = Int((page.width * Double(dpi) / 72).rounded())
        height = Int((page.height * Double(dpi) / 72).rounded())
    }

    /// A page of a picture.
    init(index: Int, recognized: RecognizedPages.Page) {
        self.index = index
        (source, layer, dpi) = (.pixels, "", 0)
        (text, confidence) = (recognized.text, recognized.confidence)
        (width, height) = (recognized.width, recognized.height)
    }

    /// Puts what was seen in the place of what the PDF says.
    mutating func take(_ recognized: RecognizedPages.Page?) {
        text = recognized?.text ?? ""
        confidence = recognized?.confidence
        if let recognized { (width, height) = (recognized.width, recognized.height) }
    }

    /// `nil` for a page without a text layer.
    var coverage: WordCoverage? {
        let coverage = WordCoverage(of: text, in: layer)
        return coverage.words > 0 ? coverage : nil
    }

    var fields: JSONObject {
        var fields: JSONObject = [
            "index": .integer(Int64(index)), "markdown": .string(text), "images": [],
            "dimensions": [
                "dpi": .integer(Int64(dpi)), "height": .integer(Int64(height)), "width": .integer(Int64(width)),
            ],
            "source": .string(source.rawValue),
        ]
        fields["confidence"] = confidence.map { .number($0) }
        fields["text_layer"] = coverage.map { .object($0.fields) }
        return fields
    }
}
