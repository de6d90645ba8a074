// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What local OCR can do of what may be asked.
enum OCRRules {
    /// - Throws: ``ModelError/Code/invalidRequest`` that names the first field that asks for something else.
    static func check(_ request: OCRRequest) throws {
        let asked: [(field: String, isAsked: Bool, what: String)] = [
            ("include_image_base64", request.includeImageBase64 == true, "extracts no images"),
            ("image_limit", request.imageLimit != nil, "extracts no images"),
            ("image_min_size", request.imageMinSize != nil, "extracts no images"),
            ("bbox_annotation_format", request.imageAnnotation != nil, "makes no annotations"),
            ("document_annotation_format", request.documentAnnotation != nil, "makes no annotations"),
            ("document_annotation_prompt", request.documentAnnotationPrompt != nil, "makes no annotations"),
            ("table_format", request.tableFormat != nil, "does not tell tables from text"),
            ("extract_header", request.extractHeader == true, "does not tell headers from text"),
            ("extract_footer", request.extractFooter == true, "does not tell footers from text"),
            ("include_blocks", request.includeBlocks == true, "has no blocks"),
            (
                "confidence_scores_granularity", request.confidenceScoresGranularity != nil,
                "has one confidence for a page, in `confidence`"
            ),
        ]
        guard let first = asked.first(where: \.isAsked) else { return }
        throw ModelError(
            .invalidRequest, "\(first.field): local OCR \(first.what); leave it out, or use a model that does")
    }

    /// The pages to read, in order, each once.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest`` for a page that is not there.
    static func pages(_ asked: [Int]?, of count: Int) throws -> [Int] {
        guard let asked else { return Array(0..<count) }
        for page in asked where !(0..<count).contains(page) {
            let pages = count == 1 ? "1 page, number 0" : "\(count) pages, 0 to \(count - 1)"
            throw ModelError(.invalidRequest, "pages: the document has \(pages); found \(page)")
        }
        guard !asked.isEmpty else {
            throw ModelError(.invalidRequest, "pages: the list is empty; leave it out for all")
        }
        return Set(asked).sorted()
    }
}
