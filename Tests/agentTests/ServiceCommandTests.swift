// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// `agent embed`, `ocr`, `transcribe`, `models` and `files` against a stand-in of the Mistral API.
@Suite struct ServiceCommandTests {
    // MARK: - embed

    /// Vectors by the first letter: a is near to b, and far from z.
    private static let embeddings: @Sendable (FakeRequest) async -> FakeReply = { request in
        let texts = ((try? request.json["input"])?.flatMap(\.arrayValue) ?? []).compactMap(\.stringValue)
        let data = texts.enumerated().map { place, text -> JSONValue in
            let vector: JSONValue = text.hasPrefix("z") ? [0.0, 1.0] : text.hasPrefix("b") ? [0.6, 0.8] : [1.0, 0.0]
            return ["object": "embedding", "index": .integer(Int64(place)), "embedding": vector]
        }
        let usage: JSONValue = ["prompt_tokens": 12, "completion_tokens": 0, "total_tokens": 12]
        return .json(
            ["id": "e", "object": "list", "model": "mistral-embed", "data": .array(data), "usage": usage])
    }

    @Test func embedPrintsAnArrayALine() async throws {
        let (outcome, requests, _) = try await Command.served(["embed", "a", "z"], reply: Self.embeddings)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == "[1.0,0.0]\n[0.0,1.0]\n")
        #expect(try requests[0].json == ["model": "mistral-embed", "input": ["a", "z"]])
    }

    @Test func embedAsJSONIsOneObjectInTheFileOfO() async throws {
        let (outcome, requests, folder) = try await Command.served(
            ["embed", "--json", "-o", "v.json", "--dimension", "2", "-"], input: "a\n\nb\n", reply: Self.embeddings)
        #expect((outcome.status, outcome.out) == (0, ""), "\(outcome.err)")
        let value = try JSONValue(parsing: try folder.read("v.json"))
        #expect(value["embeddings"] == [[1.0, 0.0], [0.6, 0.8]])
        #expect(value["usage"]?["total_tokens"] == 12)
        #expect(try requests[0].json["output_dimension"] == 2)
    }

    @Test func embedRanksByNearness() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["embed", "--similar", "apple", "-f", "lines.txt", "--top", "2"],
            files: ["lines.txt": "zebra\nanchor\nboat\n"], reply: Self.embeddings)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == "1.0000\tanchor\n0.6000\tboat\n")
        #expect(try requests[0].json["input"] == ["apple", "zebra", "anchor", "boat"])
    }

    // MARK: - ocr

    private static let document: @Sendable (FakeRequest) async -> FakeReply = { _ in
        .json([
            "pages": [
                [
                    "index": 0, "markdown": "# One\n\n![img-0.jpeg](img-0.jpeg)\n\n[tbl-0.html](tbl-0.html)",
                    "images": [["id": "img-0.jpeg", "image_base64": "data:image/jpeg;base64,aGk="]],
                    "tables": [["id": "tbl-0.html", "content": "<table></table>", "format": "html"]],
                    "dimensions": .null,
                ] as JSONValue
            ],
            "model": "mistral-ocr-2512", "document_annotation": "{\"title\":\"One\"}",
            "usage_info": ["pages_processed": 1],
        ])
    }

    @Test func ocrPrintsTheMarkdownAlone() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["ocr", "--pages", "0-1,3", "--tables", "html", "https://e.test/a.pdf"], reply: Self.document)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == "# One\n\n![img-0.jpeg](img-0.jpeg)\n\n<table></table>\n")
        let body = try requests[0].json
        #expect(body["document"]?["document_url"] == "https://e.test/a.pdf")
        #expect(body["pages"] == [0, 1, 3])
        #expect(body["table_format"] == "html")
    }

    @Test func ocrSendsALocalFileAndSavesImages() async throws {
        let (outcome, requests, folder) = try await Command.served(
            ["ocr", "--images", "pictures", "a.pdf"], files: ["a.pdf": "%PDF-1.7"], reply: Self.document)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("![img-0.jpeg](pictures/img-0.jpeg)"), "\(outcome.out)")
        #expect(try folder.read("pictures/img-0.jpeg") == "hi")
        #expect(
            try requests[0].json["document"]?["document_url"] == "data:application/pdf;base64,JVBERi0xLjc=")
        #expect(try requests[0].json["include_image_base64"] == true)
    }

    @Test func ocrPrintsAnAnnotationOfItsForm() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["ocr", "--annotate", "title", "--prompt", "Find the title.", "https://e.test/a.pdf"], reply: Self.document)
        #expect((outcome.status, outcome.out) == (0, "{\"title\":\"One\"}\n"), "\(outcome.err)")
        #expect(try requests[0].json["document_annotation_prompt"] == "Find the title.")
    }

    @Test func anAnnotationOfAnotherFormExitsWith4() async throws {
        let (outcome, _, _) = try await Command.served(
            ["ocr", "--annotate", "title integer", "https://e.test/a.pdf"], reply: Self.document)
        #expect((outcome.status, outcome.out) == (4, ""), "\(outcome.err)")
        #expect(outcome.err.contains("document_annotation: "), "\(outcome.err)")
    }

    @Test func aMissingFileIsSaidBeforeAnythingIsSent() async throws {
        for command in ["ocr", "transcribe"] {
            let (outcome, requests, _) = try await Command.served(
                [command, "https://e.test/a", "none.bin"], reply: Self.document)
            #expect(outcome.status == 2)
            #expect(outcome.err == "agent: none.bin: No such file or directory\n")
            #expect(requests.isEmpty)
        }
    }

    // MARK: - transcribe

    private static let transcription: JSONValue = [
        "model": "voxtral-mini-latest", "text": "This week.", "language": "en",
        "segments": [
            ["type": "transcription_segment", "text": " This week.", "start": 0.5, "end": 61.25, "speaker_id": "A"]
                as JSONValue
        ],
        "usage": ["prompt_tokens": 4, "completion_tokens": 6, "total_tokens": 10, "prompt_audio_seconds": 203],
    ]

    @Test func transcribePrintsTheText() async throws {
        let (outcome, requests, _) = try await Command.served(["transcribe", "-v", "https://e.test/obama.mp3"]) { _ in
            .json(Self.transcription)
        }
        #expect((outcome.status, outcome.out) == (0, "This week.\n"), "\(outcome.err)")
        #expect(outcome.err.contains("10 tokens, 203 seconds of sound"), "\(outcome.err)")
        #expect(requests[0].path == "/v1/audio/transcriptions")
    }

    @Test func transcribeShowsWhoSpeaksWhen() async throws {
        let (outcome, _, _) = try await Command.served(
            ["transcribe", "--timestamps", "segment", "--diarize", "a.mp3"], files: ["a.mp3": "ID3"]
        ) { _ in .json(Self.transcription) }
        #expect(
            (outcome.status, outcome.out) == (0, "00:00:00.500 --> 00:01:01.250  A: This week.\n"), "\(outcome.err)")
    }

    @Test func transcribePrintsTextWhileItArrives() async throws {
        let done = try Self.transcription.serialized().dropFirst()
        let events = [
            #"{"type":"transcription.text.delta","text":"This "}"#,
            #"{"type":"transcription.text.delta","text":"week."}"#, #"{"type":"transcription.done",\#(done)"#,
        ]
        let (outcome, _, _) = try await Command.served(["transcribe", "--stream", "https://e.test/a.mp3"]) { _ in
            .events(events)
        }
        #expect((outcome.status, outcome.out) == (0, "This week.\n"), "\(outcome.err)")
    }

    // MARK: - models and files

    @Test func modelsAreListed() async throws {
        let cards: JSONValue = [
            "data": [
                [
                    "id": "mistral-small-latest", "max_context_length": 1000, "new_field": true,
                    "deprecation": "2027-01-01", "deprecation_replacement_model": "mistral-small-2603",
                ],
                ["id": "ft:mine"], ["id": "house-model", "aliases": ["mistral-embed"]],
            ]
        ]
        let (outcome, _, _) = try await Command.served(["models"]) { _ in .json(cards) }
        #expect(outcome.status == 0, "\(outcome.err)")
        let lines = outcome.out.split(separator: "\n")
        #expect(
            lines[1].hasPrefix("mistral-small-latest") && lines[1].contains(" 1000 "), "the card counts: \(lines[1])")
        #expect(lines[1].contains("0.15 in, 0.015 cached, 0.6 out/M tokens [1]"))
        #expect(lines[2] == "  deprecated 2027-01-01; use mistral-small-2603")
        #expect(lines[3].hasPrefix("ft:mine") && lines[3].hasSuffix("price not known"))
        #expect(lines[4].contains("8192") && lines[4].contains("0.1 in"), "an alias has a price")
        #expect(lines.contains { $0.hasPrefix("[1] 2026-") })
        let (json, _, _) = try await Command.served(["models", "--json"]) { _ in .json(cards) }
        let rows = try JSONValue(parsing: json.out)
        #expect(rows[0]?["new_field"] == true)
        #expect(rows[0]?["price"]?["output"] == 0.6)
        #expect(rows[0]?["price"]?["source"]?.stringValue?.isEmpty == false)
        #expect(rows[1]?["price"] == .null && rows[1]?["context_length"] == .null)
    }

    @Test func withoutAKeyTheModelsOfThisMachineAreListed() async throws {
        let outcome = try await Command().run(["models"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.err.contains("MISTRAL_API_KEY"))
        #expect(outcome.out.contains("local:") && outcome.out.contains("free") && outcome.out.contains("not here"))
        let rows = try JSONValue(parsing: try await Command().run(["models", "--json"]).out)
        #expect(rows[0]?["local"]?["present"] == false)
        #expect(rows[0]?["price"]?["input"]?.doubleValue == 0)
    }

    @Test func filesAreSentListedFetchedAndDeleted() async throws {
        let server = try await FakeModelServer.start { request in
            switch (request.method, request.path) {
            case ("POST", _): .json(["id": "f1", "filename": "a.pdf", "bytes": 4])
            case ("GET", let path) where path.hasSuffix("/content"): FakeReply(text: "content")
            case ("GET", let path) where path.contains("/url"): .json(["url": "https://signed.test/f1"])
            case ("DELETE", _): .json(["id": "f1", "deleted": true])
            default: .json(["data": [["id": "f1", "bytes": 4, "purpose": "ocr", "filename": "a.pdf"]], "total": 1])
            }
        }
        let command = try Command(server: server)
        try command.folder.write("%PDF", to: "a.pdf")
        #expect(try await command.run(["files", "upload", "a.pdf"]).out == "f1\n")
        #expect(try await command.run(["files", "list", "--purpose", "ocr"]).out == "f1\t4\tocr\ta.pdf\n")
        #expect(try await command.run(["files", "download", "f1"]).out == "content")
        let saved = try await command.run(["files", "download", "f1", "-o", "b.pdf", "--json"])
        #expect(saved.out == "{\"path\":\"b.pdf\",\"bytes\":7}\n", "\(saved.err)")
        #expect(try command.folder.read("b.pdf") == "content")
        #expect(try await command.run(["files", "url", "f1", "--hours", "2"]).out == "https://signed.test/f1\n")
        #expect(try await command.run(["files", "delete", "f1"]).status == 0)
        #expect(server.requests[0].body.count > 100, "the upload is a form")
        #expect(String(decoding: server.requests[0].body, as: UTF8.self).contains("name=\"purpose\"\r\n\r\nocr"))
        await server.shutdown()
    }

    @Test func aCutDownloadLeavesNoFile() async throws {
        let (outcome, _, folder) = try await Command.served(["files", "download", "f1", "-o", "b"]) { _ in
            FakeReply(steps: [.bytes(FakeReply.streamHead() + FakeReply.chunk(Array("half".utf8))), .close])
        }
        #expect(outcome.status == 8, "\(outcome.err)")
        #expect(folder.names == [])
    }

    // MARK: - Dry runs

    @Test(arguments: [
        (["embed", "a"], "\"input\": ["),
        (["ocr", "https://e.test/a.pdf"], "\"document_url\": \"https://e.test/a.pdf\""),
        (["transcribe", "https://e.test/a.mp3"], "\"url\": \"https://e.test/a.mp3\""),
        (["moderate", "a"], "\"mistral-moderation-latest\""), (["models"], "GET models"),
        (["files", "delete", "f"], "DELETE files/ID"), (["batch", "cancel", "j"], "POST batch/jobs/ID/cancel"),
    ])
    func aDryRunPrintsTheRequestAndSendsNothing(arguments: [String], says: String) async throws {
        let (outcome, requests, _) = try await Command.served(arguments + ["--dry-run"]) { _ in .json([:]) }
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains(says), "\(outcome.out)")
        #expect(requests.isEmpty)
    }

    /// A dry run of a script kept models and `agent.http` from sending, and services not.
    @Test func aDryRunOfAScriptSendsNothing() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["run", "--dry-run", "s.lua"], files: ["s.lua": "return require('agent').embed('a')"]
        ) { _ in .json([:]) }
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(try JSONValue(parsing: outcome.out) == ["model": "mistral-embed", "input": ["a"]])
        #expect(requests.isEmpty)
    }

    // MARK: - Misuse

    @Test(arguments: [
        (["embed"], "a text is missing"), (["embed", "--dtype", "half", "a"], "--dtype: expected one of"),
        (["embed", "--top", "1", "a"], "--top needs --similar"),
        (["ocr", "--pages", "x", "https://e.test"], "--pages:"),
        (["ocr", "--prompt", "x", "https://e.test"], "--prompt needs --annotate"),
        (["transcribe", "--language", "english", "https://e.test"], "language: expected two letters"),
        (["transcribe", "--language", "en", "--timestamps", "word", "https://e.test"], "exclude each other"),
        (["transcribe", "--stream", "--json", "https://e.test"], "--stream prints plain text"),
        (["moderate"], "expected texts or --conversation"), (["moderate", "--threshold", "7", "a"], "--threshold"),
        (["files", "upload", "a.bin"], "a.bin"), (["files", "download", "--json", "f"], "--json needs -o"),
        (["batch", "submit", "none.jsonl"], "none.jsonl: No such file"),
        (["batch", "submit", "-o", "x", "none.jsonl"], "add --wait"),
    ])
    func wrongUseExitsWith2(arguments: [String], says: String) async throws {
        let outcome = try await Command().run(arguments)
        #expect(outcome.status == 2, "\(outcome.err)")
        #expect(outcome.err.contains(says), "\(outcome.err)")
        #expect(outcome.out.isEmpty)
    }

    @Test func aMissingKeyExitsWith3() async throws {
        let outcome = try await Command().run(["files", "list"])
        #expect(outcome.status == 3)
        #expect(outcome.err.contains("MISTRAL_API_KEY"), "\(outcome.err)")
    }
}
