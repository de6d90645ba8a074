// SPDX-License-Identifier: Apache-2.0

public import JSONCore
public import JSONSchemaCore

/// Something that reads documents and images: a provider's API, or programs on this machine.
public protocol OCRModel: Sendable {
    /// The name that results show, such as `mistral-ocr-latest` or `local`.
    var name: String { get }

    /// - Parameter onEvent: retries and progress.
    /// - Throws: ``ModelError``, or `CancellationError`.
    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse
}

extension OCRModel {
    public func read(_ document: MediaSource) async throws -> OCRResponse {
        try await read(OCRRequest(document), onEvent: { _ in })
    }
}

/// What is to be read, and how. `nil` leaves a field out, so that the provider's default holds.
public struct OCRRequest: Sendable {
    /// A form that annotations must have; `name` matches `^[A-Za-z0-9_-]{1,64}$`.
    public struct Annotation: Sendable {
        public var schema: JSONSchema
        public var name: String

        public init(_ schema: JSONSchema, name: String = "annotation") {
            self.schema = schema
            self.name = name
        }
    }

    public var document: MediaSource
    /// Whether `document` is an image and not a document; `nil` to tell by its name or type.
    public var isImage: Bool?
    /// Pages from 0: `[0, 1, 4]`.
    public var pages: [Int]?
    public var includeImageBase64: Bool?
    /// Images to extract at most, over 0.
    public var imageLimit: Int?
    /// The least width and height of an image in pixels.
    public var imageMinSize: Int?
    /// Asks for an annotation of each image.
    public var imageAnnotation: Annotation?
    /// Asks for an annotation of the whole document.
    public var documentAnnotation: Annotation?
    public var documentAnnotationPrompt: String?
    /// `markdown` or `html`: tables apart from the page's text; `nil` leaves them in it.
    public var tableFormat: String?
    public var extractHeader: Bool?
    public var extractFooter: Bool?
    public var includeBlocks: Bool?
    /// `word`, `page` or `block`.
    public var confidenceScoresGranularity: String?
    /// Whether a file on this machine is uploaded first and deleted behind the reading; by default it travels in the
    /// request itself, which leaves nothing behind.
    public var uploadsFile = false

    public init(_ document: MediaSource) { self.document = document }
}

/// A document that was read.
public struct OCRResponse: Sendable {
    /// The response in the provider's form, unknown fields included; annotations are values, not text of JSON.
    public var fields: JSONObject
    public var pages: [OCRPage]
    /// The annotation of the document, valid by its schema; `nil` when none was asked for, or it was not valid.
    public var documentAnnotation: JSONValue?
    /// What is wrong with annotations that were asked for, each with its place: `pages[0].images[1].image_annotation: …`.
    public var problems: [String]
    public var usage: Usage

    public init(
        fields: JSONObject, pages: [OCRPage], documentAnnotation: JSONValue? = nil, problems: [String] = [],
        usage: Usage = Usage()
    ) {
        self.fields = fields
        self.pages = pages
        self.documentAnnotation = documentAnnotation
        self.problems = problems
        self.usage = usage
    }

    /// All pages with their tables in place, an empty line between them.
    public var markdown: String { pages.map(\.inlinedMarkdown).joined(separator: "\n\n") }
}

/// One page of a document.
public struct OCRPage: Sendable {
    /// From 0.
    public var index: Int
    /// The text; images stand in it as `![img-0.jpeg](img-0.jpeg)`, tables apart as `[tbl-0.html](tbl-0.html)`.
    public var markdown: String
    public var images: [OCRImage]
    public var tables: [OCRTable]

    public init(index: Int, markdown: String, images: [OCRImage] = [], tables: [OCRTable] = []) {
        self.index = index
        self.markdown = markdown
        self.images = images
        self.tables = tables
    }

    /// The text with each table in the place of the link to it.
    public var inlinedMarkdown: String {
        tables.reduce(markdown) { text, table in text.replacing("[\(table.id)](\(table.id))", with: table.content) }
    }
}

/// An image on a page.
public struct OCRImage: Sendable {
    /// Its name in the page's text: `img-0.jpeg`.
    public var id: String
    /// `data:image/jpeg;base64,…`; `nil` when it was not asked for.
    public var dataURI: String?
    /// Valid by its schema; `nil` when none was asked for, or it was not valid.
    public var annotation: JSONValue?

    public init(id: String, dataURI: String? = nil, annotation: JSONValue? = nil) {
        self.id = id
        self.dataURI = dataURI
        self.annotation = annotation
    }
}

/// A table on a page, apart from its text.
public struct OCRTable: Sendable {
    /// Its name in the page's text: `tbl-0.html`.
    public var id: String
    public var content: String

    public init(id: String, content: String) {
        self.id = id
        self.content = content
    }
}
