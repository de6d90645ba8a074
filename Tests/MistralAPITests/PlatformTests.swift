// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTypes
import JSONCore
import MistralAPI
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct PlatformTests {
    @Test(arguments: [#"{"object":"list","data":[{"id":"a","new":1}]}"#, #"[{"id":"a","new":1}]"#])
    func listsModelsInBothForms(text: String) async throws {
        try await withClient { _ in
            FakeReply(text: text)
        } _: { client, server in
            let answer = try await MistralPlatform(client: client).models()
            #expect(answer == [["id": "a", "new": 1]])
            #expect(server.requests.first?.path == "/v1/models")
        }
    }

    @Test func readsAllPagesOfAList() async throws {
        try await withClient { request in
            let isFirst = request.path.contains("page=0&")
            let files = (0..<(isFirst ? 100 : 3)).map { JSONValue.object(["id": .integer($0)]) }
            return .json(["data": .array(files), "object": "list"])
        } _: { client, server in
            let query = FileQuery(purpose: "batch", search: "a b")
            let answer = try await MistralPlatform(client: client).files(query)
            #expect(answer.count == 103)
            #expect(
                server.requests.map(\.path) == [
                    "/v1/files?page=0&page_size=100&purpose=batch&search=a%20b",
                    "/v1/files?page=1&page_size=100&purpose=batch&search=a%20b",
                ])
        }
    }

    @Test func asksForNoPageBehindTheTotal() async throws {
        try await withClient { _ in
            .json(["data": .array((0..<100).map { .integer($0) }), "total": 100])
        } _: { client, server in
            let answer = try await MistralPlatform(client: client).files(FileQuery())
            #expect(answer.count == 100)
            #expect(server.requests.count == 1)
        }
    }

    // A server may give fewer than it was asked for.
    @Test func readsPagesThatAreSmallerThanAskedFor() async throws {
        try await withClient { request in
            let rest = [("page=0&", 50), ("page=1&", 50), ("page=2&", 20)].first { request.path.contains($0.0) }
            return .json(["data": .array((0..<Int64(rest?.1 ?? 0)).map { .integer($0) }), "total": 120])
        } _: { client, server in
            let files = try await MistralPlatform(client: client).files(FileQuery())
            #expect(files.count == 120)
            #expect(server.requests.count == 3)
        }
    }

    // A total that is too large must not be asked for again and again.
    @Test func endsAtAnEmptyPage() async throws {
        try await withClient { request in
            .json(["data": request.path.contains("page=0&") ? [1, 2] : [], "total": 9])
        } _: { client, server in
            let files = try await MistralPlatform(client: client).files(FileQuery())
            #expect(files.count == 2)
            #expect(server.requests.count == 2)
        }
    }

    // `files/` is the list of all files, and `batch/jobs/` no job that ever ends.
    @Test func refusesAnEmptyID() async throws {
        try await withClient { _ in
            .json(["data": []])
        } _: { client, server in
            let platform = MistralPlatform(client: client)
            for call in [platform.file, platform.deleteFile, platform.batchJob, platform.model] {
                let error = await #expect(throws: ModelError.self) { try await call("") }
                #expect(error?.code == .invalidRequest)
            }
            #expect(server.requests.isEmpty)
        }
    }

    // Such a server was asked for ever.
    @Test func readsAListOfAServerWithoutPagesOnce() async throws {
        try await withClient { _ in
            .json(.array((0..<150).map { .integer($0) }))
        } _: { client, server in
            let agents = try await MistralAgents(client: client).list()
            #expect(agents.count == 150)
            #expect(server.requests.count == 2)
        }
    }

    @Test func takesATimeoutOfNullForNone() async throws {
        try await withClient { _ in
            .json(["id": "j"])
        } _: { client, server in
            let job: JSONObject = ["endpoint": "/v1/ocr", "input_files": ["f"], "timeout_hours": .null]
            _ = try await MistralPlatform(client: client).createBatchJob(job)
            #expect(server.requests.count == 1)
        }
    }

    @Test func uploadsWithThePartsOfTheSDK() async throws {
        let file = try ScratchFile(Array("{}\n".utf8), ending: "jsonl")
        let sent = Mutex<[Int]>([])
        try await withClient { _ in
            .json(["id": "f", "bytes": 3])
        } _: { client, server in
            let upload = FileUpload(path: file.path, name: "my \"data\".jsonl", purpose: "batch")
            let answer = try await MistralPlatform(client: client).upload(upload) { done, total in
                #expect(total == 3)
                sent.withLock { $0.append(done) }
            }
            #expect(answer["id"] == "f")
            #expect(sent.withLock(\.self) == [3])
            let text = String(decoding: try #require(server.requests.first).body, as: UTF8.self)
            let names = text.split(separator: "; name=\"").dropFirst().compactMap { $0.split(separator: "\"").first }
            #expect(names == ["visibility", "purpose", "file"])
            #expect(text.contains("filename=\"my %22data%22.jsonl\""))
            #expect(text.contains("\r\n\r\nworkspace\r\n") && text.contains("\r\n\r\nbatch\r\n"))
        }
    }

    // Two uploads, or two jobs that are paid for, would be worse than an error.
    @Test(arguments: [500, 502, 504]) func doesNotMakeTheSameThingTwice(status: Int) async throws {
        let file = try ScratchFile([1])
        try await withClient { _ in
            FakeReply(status: status, text: "oh")
        } _: { client, server in
            let platform = MistralPlatform(client: client)
            let error = await #expect(throws: ModelError.self) {
                try await platform.upload(FileUpload(path: file.path, purpose: "ocr")) { _, _ in }
            }
            #expect(error?.message.contains("it was not sent again") == true)
            await #expect(throws: ModelError.self) {
                try await platform.createBatchJob(["endpoint": "/v1/ocr", "input_files": ["f"]])
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [429, 503]) func triesAgainWhatWasNotDone(status: Int) async throws {
        try await withClient { request in
            request.index < 2 ? FakeReply(status: status, text: "wait") : .json(["id": "j"])
        } _: { client, server in
            let job: JSONObject = ["endpoint": "/v1/ocr", "input_files": ["f"]]
            let answer = try await MistralPlatform(client: client).createBatchJob(job)
            #expect(answer == ["id": "j"])
            #expect(server.requests.count == 3)
        }
    }

    @Test func downloadsPieceByPiece() async throws {
        let pieces = (0..<20).map { [UInt8](repeating: UInt8($0), count: 1000) }
        try await withClient { _ in
            .chunks(pieces)
        } _: { client, server in
            var bytes: [UInt8] = []
            try await MistralPlatform(client: client).download("a/b") { bytes += $0 }
            #expect(bytes == pieces.flatMap(\.self))
            #expect(server.requests.first?.path == "/v1/files/a%2Fb/content")
        }
    }

    @Test func tellsADownloadThatIsCut() async throws {
        try await withClient { _ in
            FakeReply(steps: [.bytes(FakeReply.streamHead() + FakeReply.chunk([1, 2, 3])), .close])
        } _: { client, server in
            var count = 0
            let error = await #expect(throws: ModelError.self) {
                try await MistralPlatform(client: client).download("f") { count += $0.count }
            }
            #expect(error?.code == .cut)
            #expect(count == 3)
            #expect(server.requests.count == 1)
        }
    }

    @Test func signsAddresses() async throws {
        try await withClient { _ in
            .json(["url": "https://e.org/x?sig=1"])
        } _: { client, server in
            let platform = MistralPlatform(client: client)
            let answer = try await platform.signedURL("f", hours: 24)
            #expect(answer == "https://e.org/x?sig=1")
            #expect(server.requests.first?.path == "/v1/files/f/url?expiry=24")
            await #expect(throws: ModelError.self) { try await platform.signedURL("f", hours: 0) }
        }
    }

    @Test func explodesMetadataInTheQueryOfJobs() async throws {
        try await withClient { _ in
            .json(["data": .null, "total": 0])
        } _: { client, server in
            let query: JSONObject = [
                "status": ["RUNNING", "QUEUED"], "created_by_me": true, "metadata": ["run": "a&b"],
            ]
            let answer = try await MistralPlatform(client: client).batchJobs(query)
            #expect(answer.isEmpty)
            #expect(
                server.requests.first?.path
                    == "/v1/batch/jobs?page=0&page_size=100&status=RUNNING&status=QUEUED&created_by_me=true&run=a%26b")
        }
    }

    @Test(
        arguments: [
            ([:], "endpoint"), (["endpoint": "/v1/ocr"], "either input_files or requests"),
            (["endpoint": "/v1/ocr", "input_files": ["f"], "requests": [["body": [:]]]], "either"),
            (["endpoint": "/v1/ocr", "input_files": []], "input_files"),
            (["endpoint": "/v1/ocr", "requests": [["custom_id": "1"]]], "requests[0].body"),
            (["endpoint": "/v1/ocr", "input_files": ["f"], "timeout_hours": 169], "timeout_hours"),
            (["endpoint": "/v1/ocr", "input_files": ["f"], "metadata": ["a": 1]], "metadata.a"),
            (["endpoint": "/v1/ocr", "input_files": ["f"], "completion_window": "24h"], "completion_window"),
        ] as [(JSONObject, String)]) func refusesJobsBeforeSending(job: JSONObject, words: String) async throws
    {
        try await withClient { _ in
            .json([:])
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) {
                try await MistralPlatform(client: client).createBatchJob(job)
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func saysThatFineTuningIsGone() async throws {
        try await withClient { _ in
            .json([:])
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) { try await client.send(.post, "fine_tuning/jobs") }
            #expect(error?.message.contains("retired") == true)
            #expect(server.requests.isEmpty)
        }
    }
}
