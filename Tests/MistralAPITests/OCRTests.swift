// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import Foundation
import HTTPTransports
import JSONCore
import JSONSchemaCore
import MistralAPI
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct OCRTests {
    private static let page: JSONValue = [
        "index": 0, "markdown": "Before\n\n[tbl-0.html](tbl-0.html)\n\n![img-0.jpeg](img-0.jpeg)", "novelty": [1],
        "images": [
            ["id": "img-0.jpeg", "image_base64": "data:image/jpeg;base64,AA==", "image_annotation": "{\"n\":1}"]
        ],
        "tables": [["id": "tbl-0.html", "content": "<table></table>", "format": "html"]],
    ]

    private static func answer(annotation: JSONValue = .null) -> JSONValue {
        ["pages": [page], "model": "m", "document_annotation": annotation, "usage_info": ["pages_processed": 7]]
    }

    private func read(
        _ request: OCRRequest, answer: JSONValue = answer(), _ check: (OCRResponse, FakeModelServer) throws -> Void
    ) async throws {
        try await withClient { request in
            request.path == "/v1/ocr" ? .json(answer) : .json(["id": "f 1", "deleted": true])
        } _: { client, server in
            try check(try await MistralOCRModel(client: client).read(request) { _ in }, server)
        }
    }

    private func schema(_ value: JSONValue) throws -> JSONSchema { try JSONSchema(value) }

    @Test func putsTablesIntoTheirPlaces() async throws {
        try await read(OCRRequest(.url("https://e.org/a.pdf"))) { response, _ in
            #expect(response.markdown == "Before\n\n<table></table>\n\n![img-0.jpeg](img-0.jpeg)")
            #expect(response.usage.pages == 7)
            #expect(response.fields["pages"]?[0]?["novelty"] == [1])
            // Nobody asked for annotations: the text stays as it came.
            #expect(response.pages[0].images[0].annotation == nil)
            #expect(response.fields["pages"]?[0]?["images"]?[0]?["image_annotation"] == "{\"n\":1}")
        }
    }

    @Test func readsAnnotationsAsValuesThatFit() async throws {
        var request = OCRRequest(.url("https://e.org/a.pdf"))
        request.imageAnnotation = .init(try schema(["properties": ["n": ["type": "integer"]]]), name: "image")
        request.documentAnnotation = .init(try schema(["type": "object", "required": ["title"]]))
        try await read(request, answer: Self.answer(annotation: #"{"title":"T"}"#)) { response, server in
            #expect(response.problems.isEmpty)
            #expect(response.documentAnnotation == ["title": "T"])
            #expect(response.fields["document_annotation"] == ["title": "T"])
            #expect(response.fields["pages"]?[0]?["images"]?[0]?["image_annotation"] == ["n": 1])
            let format = try #require(server.requests.first).json["bbox_annotation_format"]
            #expect(format?["json_schema"]?["name"] == "image")
            #expect(format?["json_schema"]?["strict"] == true)
        }
    }

    @Test(arguments: [
        (JSONValue.string("{\"other\":1}"), "document_annotation: "), ("{\"title\":", "document_annotation: not JSON"),
        (.null, "document_annotation: missing"),
    ]) func tellsAnAnnotationThatDoesNotFitAndKeepsThePages(annotation: JSONValue, words: String) async throws {
        var request = OCRRequest(.url("https://e.org/a.pdf"))
        request.documentAnnotation = .init(try schema(["type": "object", "required": ["title"]]))
        try await read(request, answer: Self.answer(annotation: annotation)) { response, _ in
            #expect(response.documentAnnotation == nil)
            #expect(response.problems.count == 1)
            #expect(response.problems.first?.hasPrefix(words) == true, "\(response.problems)")
            #expect(response.pages.count == 1)
        }
    }

    @Test(arguments: [
        ("pdf", Array("%PDF-1.7 …".utf8), "document_url", "data:application/pdf;base64,"),
        ("bin", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1], "image_url", "data:image/png;base64,"),
        ("JPG", [1, 2, 3], "image_url", "data:image/jpeg;base64,"),
        (
            "docx", [1], "document_url",
            "data:application/vnd.openxmlformats-officedocument.wordprocessingml.document;base64,"
        ),
        ("", [], "document_url", "data:application/octet-stream;base64,"),
    ]) func sendsAFileInTheRequest(ending: String, bytes: [UInt8], type: String, start: String) async throws {
        let file = try ScratchFile(bytes, ending: ending)
        try await read(OCRRequest(.file(path: file.path))) { _, server in
            let body = try #require(server.requests.first).json
            #expect(body["document"]?["type"] == .string(type))
            #expect(body["document"]?[type]?.stringValue == start + Data(bytes).base64EncodedString())
            #expect(body["include_blocks"] == true)
        }
    }

    @Test func uploadsAndDeletesWhenAsked() async throws {
        let file = try ScratchFile([1, 2], ending: "pdf")
        var request = OCRRequest(.file(path: file.path))
        request.uploadsFile = true
        try await read(request) { _, server in
            #expect(
                server.requests.map { "\($0.method) \($0.path)" } == [
                    "POST /v1/files", "POST /v1/ocr", "DELETE /v1/files/f%201",
                ])
            let body = try server.requests[1].json
            #expect(body["document"] == ["type": "file", "file_id": "f 1"])
        }
    }

    // What was uploaded stayed behind without a word.
    @Test func tellsWhatItCouldNotDelete() async throws {
        let file = try ScratchFile([1, 2], ending: "pdf")
        var request = OCRRequest(.file(path: file.path))
        request.uploadsFile = true
        let said = Mutex<[String]>([])
        try await withClient { request in
            switch request.method {
            case "DELETE": FakeReply(status: 404, text: "no")
            default: request.path == "/v1/ocr" ? .json(Self.answer()) : .json(["id": "f"])
            }
        } _: { client, _ in
            _ = try await MistralOCRModel(client: client).read(request) { event in
                if case .progress(let text) = event { said.withLock { $0.append(text) } }
            }
            #expect(said.withLock(\.self) == ["the uploaded file f could not be deleted"])
        }
    }

    @Test func deletesWhatItUploadedWhenTheReadingFails() async throws {
        let file = try ScratchFile([1, 2], ending: "pdf")
        var request = OCRRequest(.file(path: file.path))
        request.uploadsFile = true
        try await withClient { request in
            request.path == "/v1/ocr" ? FakeReply(status: 400, text: "no") : .json(["id": "f"])
        } _: { client, server in
            await #expect(throws: ModelError.self) {
                try await MistralOCRModel(client: client).read(request) { _ in }
            }
            #expect(server.requests.last?.method == "DELETE")
        }
    }

    @Test func refusesBeforeSending() async throws {
        let changes: [(inout OCRRequest) -> Void] = [
            { $0.pages = [-1] }, { $0.imageLimit = 0 }, { $0.imageMinSize = -1 }, { $0.tableFormat = "csv" },
            { $0.confidenceScoresGranularity = "line" }, { $0.documentAnnotationPrompt = "x" },
            { $0.document = .file(path: "/no/such/file.pdf") },
        ]
        try await withClient { _ in
            FakeReply(text: "{}")
        } _: { client, server in
            for change in changes {
                var request = OCRRequest(.url("https://e.org/a"))
                change(&request)
                let error = await #expect(throws: ModelError.self) {
                    try await MistralOCRModel(client: client).read(request) { _ in }
                }
                #expect(error?.code == .invalidRequest)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func writesPagesAndOptionsByTheirWireNames() throws {
        var request = OCRRequest(.url("https://e.org/scan.png?x=1"))
        request.pages = [0, 2]
        request.includeImageBase64 = true
        request.tableFormat = "html"
        let client = try MistralClient(apiKey: "k", transport: AsyncHTTPClientTransport())
        #expect(
            try MistralOCRModel(client: client).wireRequest(for: request) == [
                "model": "mistral-ocr-latest",
                "document": ["type": "image_url", "image_url": "https://e.org/scan.png?x=1"], "pages": [0, 2],
                "include_image_base64": true, "table_format": "html", "include_blocks": true,
            ])
    }
}
