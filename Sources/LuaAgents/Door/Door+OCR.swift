// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore
import LuaRuntime

extension Door {
    private static let ocrOptions = [
        "model", "pages", "include_image_base64", "image_limit", "image_min_size", "bbox_annotation",
        "document_annotation", "document_annotation_prompt", "table_format", "extract_header", "extract_footer",
        "include_blocks", "confidence_scores_granularity", "upload", "save_images",
    ]

    func readDocument(_ request: DoorRequest) async throws -> LuaAnswer {
        let operation = "agent.ocr"
        let options = try CallOptions(try request.json(1), of: operation, known: Self.ocrOptions)
        let name = try options.string("model")
        let folder = try options.string("save_images")
        let access = capabilities.files
        let model = try made { try $0.ocrModel(name) }
        return try await calling {
            let media = try media(try request.json(0), operation)
            defer { withExtendedLifetime(media) {} }
            var wanted = try OCRRequest(media.source, isImage: media.isImage, options: options)
            let wantsImages = wanted.includeImageBase64 ?? false
            if let folder {
                if environment.fakes?.hasFiles != true { try access.makeFolder(folder, operation) }
                wanted.includeImageBase64 = true
            }
            let response = try await model.read(wanted) { await show($0) }
            let files = try folder.map { folder in
                try OCRImageFiles(response, in: folder) { path, bytes in
                    if isFaked(writing: path) {
                        environment.fakes?.write(path, bytes)
                    } else {
                        try access.write(path, bytes, operation)
                    }
                }
            }
            return .said(response.scriptValue(files, keepsData: wantsImages || folder == nil))
        }
    }
}

extension OCRRequest {
    /// - Throws: ``Misuse`` that names the option.
    fileprivate init(_ document: MediaSource, isImage: Bool?, options: CallOptions) throws(Misuse) {
        self.init(document)
        self.isImage = isImage
        pages = try options.optional("pages", Self.pages)
        includeImageBase64 = try options.bool("include_image_base64")
        imageLimit = try options.count("image_limit", from: 1)
        imageMinSize = try options.count("image_min_size", from: 0)
        imageAnnotation = try options.optional("bbox_annotation", Self.annotation)
        documentAnnotation = try options.optional("document_annotation", Self.annotation)
        documentAnnotationPrompt = try options.string("document_annotation_prompt")
        tableFormat = try options.word("table_format", of: ["markdown", "html"])
        extractHeader = try options.bool("extract_header")
        extractFooter = try options.bool("extract_footer")
        includeBlocks = try options.bool("include_blocks")
        confidenceScoresGranularity = try options.word(
            "confidence_scores_granularity", of: ["word", "page", "block"])
        uploadsFile = try options.bool("upload") ?? false
        if documentAnnotationPrompt != nil, documentAnnotation == nil {
            throw Misuse("agent.ocr: document_annotation_prompt needs document_annotation")
        }
    }

    private static func pages(_ field: SpecField) throws(Misuse) -> [Int] {
        if let text = field.value.stringValue {
            do {
                return try PageSelection.pages(text)
            } catch {
                throw Misuse("\(field.place): \(error)")
            }
        }
        if field.value.integerValue != nil { return [try field.count(from: 0)] }
        return try field.list().map { value throws(Misuse) in try SpecField(field.place, value).count(from: 0) }
    }

    /// `{ schema = …, name = … }`, as services.lua makes it.
    private static func annotation(_ field: SpecField) throws(Misuse) -> Annotation {
        guard let schema = field.value["schema"] else { throw Misuse("\(field.place): expected a schema") }
        let name = field.value["name"]?.stringValue ?? "annotation"
        guard name.isToolName else {
            throw Misuse("\(field.place): name: expected 1 to 64 of A-Z, a-z, 0-9, '_' and '-', found \"\(name)\"")
        }
        return Annotation(try SpecField(field.place, schema).schema(), name: name)
    }
}
