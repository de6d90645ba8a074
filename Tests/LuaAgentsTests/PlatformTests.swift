// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import JSONCore
import LuaAgents
import Testing

/// `agent.models`, `agent.files` and `agent.batch`.
@Suite struct PlatformTests {
    private func world(_ services: FakeServices) -> World {
        var world = World()
        world.environment.services = services
        return world
    }

    @Test func modelsAreListedOrLookedUp() async throws {
        let value = try await world(FakeServices()).value(
            "local agent = require 'agent' return { #agent.models(), agent.models()[1].max_context_length, agent.models('x').id }"
        )
        #expect(value == [2, 32768, "x"])
    }

    @Test func filesAreListedUploadedAndDeleted() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("{}\n", to: "in.jsonl")
        let services = FakeServices()
        var world = world(services)
        world.environment.grants.read = .only([folder.path])
        let value = try await world.value(
            """
            local files = require("agent").files
            return { files.list({ purpose = "ocr", search = "a" })[1].id, files.upload("\(path)").purpose,
              files.upload("\(path)", { purpose = "fine-tune", name = "b" }).filename, files.get("f9").id,
              files.url("f9", 2), files.delete("f9").deleted }
            """)
        #expect(value == ["f1", "batch", "b", "f9", "https://files.example.test/f9", true])
        #expect(services.seen.fileQueries == [FileQuery(purpose: "ocr", search: "a")])
        #expect(services.seen.uploads.map(\.name) == ["in.jsonl", "b"])
        #expect(services.seen.uploads.map(\.purpose) == ["batch", "fine-tune"])
        #expect(services.seen.files == Array(repeating: "in.jsonl={}\n", count: 2))
    }

    @Test func aDownloadAppearsWhole() async throws {
        let folder = try TemporaryFolder()
        var world = world(FakeServices(contents: ["f1": "hello world", "f2": "half CUT"]))
        world.environment.grants.write = .only([folder.path])
        let value = try await world.value(
            """
            local files = require("agent").files
            local ok = files.download("f1", "\(folder.path)/a.txt")
            local cut, why = files.download("f2", "\(folder.path)/b.txt")
            return { ok.bytes, cut == nil, why }
            """)
        #expect(value == [11, true, "the connection ended early"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
        #expect(try String(contentsOfFile: folder.path + "/a.txt", encoding: .utf8) == "hello world")
    }

    @Test(arguments: [
        ("agent.files.upload('/etc/hostname', { purpose = 'ocr' })", "--allow-read=/etc/hostname"),
        ("agent.files.download('f1', '/tmp/x')", "--allow-write=/tmp/x"),
    ])
    func filesOfThisMachineNeedGrants(call: String, flag: String) async {
        let services = FakeServices()
        let error = await world(services).error("local agent = require 'agent'\nlocal v = \(call)")
        #expect(error.contains("test.lua:2:") && error.contains(flag), "\(error)")
        #expect(services.seen.uploads.isEmpty && services.seen.calls.isEmpty)
    }

    @Test func aBatchIsMadeWatchedAndCancelled() async throws {
        let services = FakeServices(jobStates: [
            ["id": "job-1", "status": "QUEUED"], ["id": "job-1", "status": "RUNNING", "total_requests": 1],
            ["id": "job-1", "status": "SUCCESS"],
        ])
        let value = try await world(services).value(
            """
            local batch = require("agent").batch
            local job = batch.create { model = "mistral-small-latest",
              requests = { { custom_id = "1", body = { messages = { { role = "user", content = "hi" } } } } } }
            local seen = {}
            local done = batch.wait(job.id, { interval = 0, on_status = function(j) seen[#seen + 1] = j.status end })
            return { done.status, seen, batch.cancel("job-1").status, #batch.list { status = "RUNNING" } }
            """)
        #expect(value == ["SUCCESS", ["QUEUED", "RUNNING", "SUCCESS"], "CANCELLATION_REQUESTED", 3])
        #expect(services.seen.jobs.first?["endpoint"] == "/v1/chat/completions")
        #expect(services.seen.jobs.last == ["status": "RUNNING"])
    }

    @Test func waitingEndsWithItsTime() async throws {
        let services = FakeServices(jobStates: [["id": "j", "status": "RUNNING", "total_requests": 4]])
        let value = try await world(services).value(
            "local j, why = require('agent').batch.wait('j', { interval = 5, timeout = 0 }) return { j == nil, why }")
        #expect(value == [true, "batch job j is not over yet: RUNNING: 0 of 4"])
    }

    @Test func resultsComeInOrderWithFailedLinesAsErrors() async throws {
        let services = FakeServices(
            contents: [
                "out": """
                {"custom_id":"10","response":{"status_code":200,"body":{"n":10}},"error":null}
                {"custom_id":"2","response":{"status_code":200,"body":"{\\"n\\":2}"},"error":null}

                """,
                "err": """
                {"custom_id":"3","response":{"status_code":422,"body":"{\\"message\\":\\"bad field\\"}"},"error":null}
                {"custom_id":"4","response":null,"error":{"message":"timed out"}}
                """,
            ],
            jobStates: [["id": "j", "status": "SUCCESS", "output_file": "out", "error_file": "err"]])
        let value = try await world(services).value(
            """
            local batch = require("agent").batch
            local ids, r = {}, batch.results("j")
            for i, result in ipairs(r) do ids[i] = result.custom_id end
            local ordered = batch.results("j", { order = { "4", "5", "10" } })
            return { ids, r[1].body.n, r[2].error, r[2].status_code, r[3].error, ordered[1].error, ordered[2].error, ordered[3].body.n }
            """)
        #expect(
            value == [
                ["2", "3", "4", "10"], 2, "HTTP 422: bad field", 422, "timed out", "timed out",
                "no result came for this request", 10,
            ])
    }

    @Test func resultsOfAFailedJobAreAReason() async throws {
        let services = FakeServices(jobStates: [
            ["id": "j", "status": "FAILED", "errors": [["message": "no such model"]]]
        ])
        let value = try await world(services).value(
            "local r, why = require('agent').batch.results('j') return { r == nil, why }")
        #expect(value == [true, "batch job j: FAILED: no such model"])
    }

    @Test func resultsOfARunningJobAreAReason() async throws {
        let value = try await world(FakeServices(jobStates: [["id": "j", "status": "RUNNING"]])).value(
            "local r, why = require('agent').batch.results('j') return { r == nil, why }")
        #expect(value?[1]?.stringValue?.contains("wait with agent.batch.wait") == true)
    }
}
