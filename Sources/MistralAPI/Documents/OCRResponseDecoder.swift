// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore
import JSONSchemaCore

/// Reads the answer of `POST /v1/ocr`. Annotations, which travel as text of JSON, become values that fit their schemas.
struct OCRResponseDecoder {
    private let service: String
    private let request: OCRRequest
    private var problems: [String] = []

    init(service: String, request: OCRRequest) {
        self.service = service
        self.request = request
    }

    /// - Throws: ``ModelError/Code/invalidResponse``.
    static func decode(_ bytes: [UInt8], of request: OCRRequest, service: String) throws(ModelError) -> OCRResponse {
        var decoder = OCRResponseDecoder(service: service, request: request)
        return try decoder.decode(try JSONAnswer.parse(bytes, service: service))
    }

    private mutating func decode(_ value: JSONValue) throws(ModelError) -> OCRResponse {
        guard var fields = value.objectValue, let list = fields["pages"]?.arrayValue else {
            throw ModelError(.invalidResponse, "the answer of \(service) is not a document: it has no list 'pages'")
        }
        var pages: [OCRPage] = []
        var values: [JSONValue] = []
        for (place, value) in list.enumerated() {
            guard let fields = value.objectValue else {
                throw ModelError(.invalidResponse, "the answer of \(service): /pages/\(place) is not an object")
            }
            let (page, decoded) = page(fields, at: place)
            pages.append(page)
            values.append(.object(decoded))
        }
        fields["pages"] = .array(values)
        let annotation = annotation(fields["document_annotation"], request.documentAnnotation, "document_annotation")
        if request.documentAnnotation != nil { fields["document_annotation"] = annotation ?? .null }
        return OCRResponse(
            fields: fields, pages: pages, documentAnnotation: annotation, problems: problems,
            usage: Self.usage(fields["usage_info"]))
    }

    private mutating func page(_ fields: JSONObject, at place: Int) -> (OCRPage, JSONObject) {
        var fields = fields
        var images: [OCRImage] = []
        var values: [JSONValue] = []
        for (number, value) in (fields["images"]?.arrayValue ?? []).enumerated() {
            var image = value.objectValue ?? [:]
            let location = "pages[\(place)].images[\(number)].image_annotation"
            let annotation = annotation(image["image_annotation"], request.imageAnnotation, location)
            if request.imageAnnotation != nil { image["image_annotation"] = annotation ?? .null }
            images.append(
                OCRImage(
                    id: image["id"]?.stringValue ?? "", dataURI: image["image_base64"]?.stringValue,
                    annotation: annotation))
            values.append(value.objectValue == nil ? value : .object(image))
        }
        if !values.isEmpty { fields["images"] = .array(values) }
        let tables = (fields["tables"]?.arrayValue ?? []).map { table in
            OCRTable(id: table["id"]?.stringValue ?? "", content: table["content"]?.stringValue ?? "")
        }
        let page = OCRPage(
            index: fields["index"]?.integerValue.map { Int(clamping: $0) } ?? place,
            markdown: fields["markdown"]?.stringValue ?? "", images: images, tables: tables.filter { !$0.id.isEmpty })
        return (page, fields)
    }

    /// The value of an annotation that was asked for; what is wrong with it goes to `problems`.
    private mutating func annotation(
        _ value: JSONValue?, _ asked: OCRRequest.Annotation?, _ place: String
    ) -> JSONValue? {
        guard let asked else { return nil }
        guard let value, !value.isNull else {
            problems.append("\(place): missing")
            return nil
        }
        var annotation = value
        if let text = value.stringValue {
            do {
                annotation = try JSONValue(parsing: text)
            } catch {
                problems.append("\(place): not JSON: \(error)")
                return nil
            }
        }
        let errors = asked.schema.validate(annotation)
        problems += errors.map { "\(place): \($0)" }
        return errors.isEmpty ? annotation : nil
    }

    private static func usage(_ value: JSONValue?) -> Usage {
        Usage(pages: value?["pages_processed"]?.integerValue.map { Int(clamping: max(0, $0)) } ?? 0)
    }
}
