// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

extension OCRResponse {
    /// The document as scripts and `--json` see it: the provider's fields, annotations as values, `markdown` whole, and
    /// as `problems` what is wrong with annotations.
    ///
    /// - Parameters:
    ///   - files: where images were saved: each gets its `path`, and the links of `markdown` lead there.
    ///   - keepsData: whether images keep their `image_base64`.
    package func scriptValue(_ files: OCRImageFiles? = nil, keepsData: Bool = true) -> JSONValue {
        var fields = fields
        let given = fields["pages"]?.arrayValue ?? []
        fields["pages"] = .array(
            pages.enumerated().map { place, page in
                page.scriptValue(given.count > place ? given[place] : .null, files?.paths[place], keepsData: keepsData)
            })
        fields["markdown"] = .string(files?.markdown(of: self) ?? markdown)
        fields["document_annotation"] = documentAnnotation
        if !problems.isEmpty { fields["problems"] = .array(problems.map { .string($0) }) }
        if fields["usage_info"] == nil { fields["usage_info"] = ["pages_processed": .integer(Int64(usage.pages))] }
        return .object(fields)
    }
}

extension OCRPage {
    fileprivate func scriptValue(_ given: JSONValue, _ paths: [String?]?, keepsData: Bool) -> JSONValue {
        var fields = given.objectValue ?? [:]
        fields["index"] = fields["index"] ?? .integer(Int64(index))
        fields["markdown"] = .string(markdown)
        let givenImages = fields["images"]?.arrayValue ?? []
        fields["images"] = .array(
            images.enumerated().map { place, image in
                var fields = (givenImages.count > place ? givenImages[place].objectValue : nil) ?? [:]
                fields["id"] = .string(image.id)
                fields["image_base64"] = keepsData ? image.dataURI.map { .string($0) } : nil
                fields["image_annotation"] = image.annotation
                if let path = paths?[place] { fields["path"] = .string(path) }
                return .object(fields)
            })
        fields["tables"] =
            fields["tables"]
            ?? .array(tables.map { ["id": .string($0.id), "content": .string($0.content)] })
        return .object(fields)
    }
}

extension Transcription {
    /// The transcription as scripts and `--json` see it: the provider's fields, and what they lack.
    package var scriptValue: JSONValue {
        var fields = fields
        fields["text"] = .string(text)
        if let language { fields["language"] = .string(language) }
        fields["segments"] = fields["segments"] ?? .array(segments.map(\.scriptValue))
        fields["usage"] = fields["usage"] ?? usage.scriptValue
        return .object(fields)
    }
}

extension Transcription.Segment {
    fileprivate var scriptValue: JSONValue {
        var fields: JSONObject = ["text": .string(text), "start": .number(start), "end": .number(end)]
        if let speaker { fields["speaker_id"] = .string(speaker) }
        return .object(fields)
    }
}

extension ModerationResponse.Verdict {
    /// The verdict as scripts and `--json` see it: the provider's fields, and `flagged`.
    package var scriptValue: JSONValue {
        var fields = fields
        if fields["categories"] == nil {
            fields["categories"] = .object(JSONObject(categories.map { ($0.name, .bool($0.isFlagged)) }))
            fields["category_scores"] = .object(JSONObject(categories.map { ($0.name, .number($0.score)) }))
        }
        fields["flagged"] = .bool(isFlagged)
        return .object(fields)
    }
}

extension JSONValue {
    /// The value without members that are null: for a script a missing field is `nil`, and `if card.deprecation` means
    /// what it says. Items of lists keep their places.
    var withoutNullMembers: JSONValue {
        switch self {
        case .object(let fields):
            .object(
                JSONObject(fields.filter { !$0.value.isNull }.map { ($0.key, $0.value.withoutNullMembers) }))
        case .array(let values): .array(values.map(\.withoutNullMembers))
        default: self
        }
    }
}
