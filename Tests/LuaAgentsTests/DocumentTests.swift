// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import JSONCore
import JSONSchemaCore
import LuaAgents
import Testing

/// `agent.ocr`: documents, their images and annotations.
@Suite struct DocumentTests {
    /// Two pages: an image with a name that leads elsewhere, and a table.
    private static let response: OCRResponse = {
        let pages: JSONValue = [
            ["index": 0, "markdown": "# One\n\n![img-0.jpeg](img-0.jpeg)", "hyperlinks": ["https://e.test"]],
            ["index": 1, "markdown": "[tbl-0.html](tbl-0.html) ![../x](../x)"],
        ]
        return OCRResponse(
            fields: ["pages": pages, "model": "mistral-ocr-2512", "usage_info": ["pages_processed": 2], "later": true],
            pages: [
                OCRPage(
                    index: 0, markdown: "# One\n\n![img-0.jpeg](img-0.jpeg)",
                    images: [OCRImage(id: "img-0.jpeg", dataURI: "data:image/jpeg;base64,aGk=", annotation: ["a": 1])]),
                OCRPage(
                    index: 1, markdown: "[tbl-0.html](tbl-0.html) ![../x](../x)",
                    images: [OCRImage(id: "../x", dataURI: "data:image/png;base64,aGk=")],
                    tables: [OCRTable(id: "tbl-0.html", content: "<table></table>")]),
            ], documentAnnotation: ["title": "One"], usage: Usage(pages: 2))
    }()

    private func world(_ services: FakeServices) -> World {
        var world = World()
        world.environment.services = services
        return world
    }

    @Test func aDocumentHasPagesMarkdownAnnotationsAndFieldsOfTomorrow() async throws {
        let value = try await world(FakeServices(ocr: Self.response)).value(
            """
            local doc = require("agent").ocr("https://arxiv.org/pdf/2201.04234", { include_image_base64 = true })
            return { doc.pages[1].markdown, doc.pages[1].images[1].image_annotation.a, doc.pages[1].hyperlinks[1],
              doc.pages[2].tables[1].content, doc.markdown, doc.document_annotation.title, doc.usage_info.pages_processed, doc.later }
            """)
        #expect(
            value == [
                "# One\n\n![img-0.jpeg](img-0.jpeg)", 1, "https://e.test", "<table></table>",
                "# One\n\n![img-0.jpeg](img-0.jpeg)\n\n<table></table> ![../x](../x)", "One", 2, true,
            ])
    }

    @Test func everyOptionReachesTheModel() async throws {
        let services = FakeServices(ocr: Self.response)
        _ = try await world(services).value(
            """
            local agent = require "agent"
            local s = agent.schema
            agent.ocr({ type = "image_url", image_url = "https://e.test/a.png" }, { model = "mistral-ocr-latest",
              pages = "0-2,4", image_limit = 3, image_min_size = 10, bbox_annotation = s.object { kind = s.string {} },
              document_annotation_format = { type = "json_schema",
                json_schema = { name = "book", schema = { type = "object" }, strict = true } },
              document_annotation_prompt = "Say more.", table_format = "html", extract_header = true,
              extract_footer = false, include_blocks = true, confidence_scores_granularity = "page" })
            """)
        let request = try #require(services.seen.documents.first)
        #expect(request.document == .url("https://e.test/a.png"))
        #expect(request.isImage == true)
        #expect(request.pages == [0, 1, 2, 4])
        #expect((request.imageLimit, request.imageMinSize) == (3, 10))
        #expect(request.imageAnnotation?.schema.document["properties"]?["kind"]?["type"] == "string")
        #expect(request.documentAnnotation?.name == "book")
        #expect(request.documentAnnotation?.schema.document == ["type": "object"])
        #expect(request.documentAnnotationPrompt == "Say more.")
        #expect(request.tableFormat == "html")
        #expect(request.extractHeader == true && request.extractFooter == false && request.includeBlocks == true)
        #expect(request.confidenceScoresGranularity == "page")
    }

    @Test func aLocalPathNeedsTheReadGrantAndIsResolved() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("%PDF", to: "a.pdf")
        let services = FakeServices(ocr: Self.response)
        var world = world(services)
        let error = await world.error("local agent = require 'agent'\nlocal d = agent.ocr('\(path)')")
        #expect(error.contains("test.lua:2:") && error.contains("--allow-read=\(path)"), "\(error)")
        world.environment.grants.read = .only([folder.path])
        _ = try await world.value(
            "require('agent').ocr('\(folder.path)/../\((folder.path as NSString).lastPathComponent)/a.pdf')")
        #expect(services.seen.files == ["a.pdf=%PDF"])
    }

    @Test func aMissingFileIsAReason() async throws {
        var world = world(FakeServices())
        world.environment.grants.read = .everything
        let value = try await world.value(
            "local agent = require 'agent' local d, why = agent.ocr('/no/such.pdf') return { d == nil, why }")
        #expect(value == [true, "/no/such.pdf: No such file or directory"])
    }

    @Test func imagesAreSavedUnderNamesThatStayInTheFolder() async throws {
        let folder = try TemporaryFolder()
        let services = FakeServices(ocr: Self.response)
        var world = world(services)
        world.environment.grants.write = .only([folder.path])
        let value = try await world.value(
            """
            local doc = require("agent").ocr("https://e.test/a.pdf", { save_images = "\(folder.path)/pictures" })
            return { doc.pages[1].images[1].path, doc.pages[1].images[1].image_base64 == nil, doc.pages[2].images[1].path,
              doc.markdown:match("!%[img%-0%.jpeg%]%((.-)%)"), doc.pages[1].markdown:match("!%[img%-0%.jpeg%]%((.-)%)") }
            """)
        let pictures = folder.path + "/pictures"
        #expect(
            value == [
                .string(pictures + "/img-0.jpeg"), true, .string(pictures + "/image___x.png"),
                .string(pictures + "/img-0.jpeg"), "img-0.jpeg",
            ])
        #expect(services.seen.documents.first?.includeImageBase64 == true)
        #expect(try String(contentsOfFile: pictures + "/img-0.jpeg", encoding: .utf8) == "hi")
        #expect(try FileManager.default.contentsOfDirectory(atPath: pictures).count == 2)
    }

    @Test func savingImagesNeedsTheWriteGrant() async throws {
        let services = FakeServices(ocr: Self.response)
        let error = await world(services).error(
            "local agent = require 'agent'\nlocal d = agent.ocr('https://e.test/a.pdf', { save_images = '/tmp/x' })")
        #expect(error.contains("--allow-write=/tmp/x"), "\(error)")
        #expect(services.seen.documents.isEmpty, "nothing was asked")
    }
}
