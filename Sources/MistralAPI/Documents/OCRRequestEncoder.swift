// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore

/// Makes the body of `POST /v1/ocr`.
struct OCRRequestEncoder: Sendable {
    let model: String

    /// - Parameter document: an address or the id of a file.
    /// - Throws: ``ModelError/Code/invalidRequest`` for a field that the API would refuse.
    func fields(of request: OCRRequest, document: Document) throws(ModelError) -> JSONObject {
        try check(request)
        var fields: JSONObject = ["model": .string(model), "document": document.value]
        fields["pages"] = request.pages.map { .array($0.map { .integer(Int64($0)) }) }
        fields["include_image_base64"] = request.includeImageBase64.map { .bool($0) }
        fields["image_limit"] = request.imageLimit.map { .integer(Int64($0)) }
        fields["image_min_size"] = request.imageMinSize.map { .integer(Int64($0)) }
        fields["bbox_annotation_format"] = request.imageAnnotation.map(Self.format)
        fields["document_annotation_format"] = request.documentAnnotation.map(Self.format)
        fields["document_annotation_prompt"] = request.documentAnnotationPrompt.map { .string($0) }
        fields["table_format"] = request.tableFormat.map { .string($0) }
        fields["extract_header"] = request.extractHeader.map { .bool($0) }
        fields["extract_footer"] = request.extractFooter.map { .bool($0) }
        // The official SDK sends it always, from 3.0 on.
        fields["include_blocks"] = .bool(request.includeBlocks ?? true)
        fields["confidence_scores_granularity"] = request.confidenceScoresGranularity.map { .string($0) }
        return fields
    }

    /// The document as the API takes it.
    enum Document: Sendable {
        case documentURL(String)
        case imageURL(String)
        case file(id: String)

        var value: JSONValue {
            switch self {
            case .documentURL(let url): ["type": "document_url", "document_url": .string(url)]
            case .imageURL(let url): ["type": "image_url", "image_url": .string(url)]
            case .file(let id): ["type": "file", "file_id": .string(id)]
            }
        }
    }

    private static func format(_ annotation: OCRRequest.Annotation) -> JSONValue {
        [
            "type": "json_schema",
            "json_schema": ["name": .string(annotation.name), "schema": annotation.schema.document, "strict": true],
        ]
    }

    private func check(_ request: OCRRequest) throws(ModelError) {
        if let page = request.pages?.first(where: { $0 < 0 }) {
            throw MistralRule.refusal("pages", "numbers from 0", "\(page)")
        }
        try MistralRule.check("image_limit", request.imageLimit, isAtLeast: 1)
        try MistralRule.check("image_min_size", request.imageMinSize, isAtLeast: 0)
        try MistralRule.check("table_format", request.tableFormat, isOneOf: ["markdown", "html"])
        try MistralRule.check(
            "confidence_scores_granularity", request.confidenceScoresGranularity, isOneOf: ["word", "page", "block"])
        if request.documentAnnotationPrompt != nil, request.documentAnnotation == nil {
            throw ModelError(
                .invalidRequest, "document_annotation_prompt: needs document_annotation_format, the form of the answer")
        }
        for annotation in [request.imageAnnotation, request.documentAnnotation].compactMap(\.self) {
            guard FunctionName.isValid(annotation.name) else {
                throw MistralRule.refusal(
                    "json_schema.name", "1 to 64 of a-z, A-Z, 0-9, '_' and '-'", "\"\(annotation.name.prefix(80))\"")
            }
        }
    }
}
