// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@testable import LocalModels

@Suite struct ProgramsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func program(_ text: String) throws -> ProgramRun {
        ProgramRun(name: "helper", path: try folder.write("#!/bin/sh\n\(text)\n", to: "helper", isProgram: true))
    }

    @Test func argumentsAreNotReadByAShell() async throws {
        let arguments = ["a b", "$HOME", "`id`", "; exit 1", "-x", ""]
        let output = try await program("for word; do printf '%s|' \"$word\"; done").output(arguments)
        #expect(output == arguments.joined(separator: "|") + "|")
    }

    @Test func theLastWordOfAFailureIsItsReason() async throws {
        let failing = try program("echo first >&2; echo 'no such page' >&2; exit 3")
        let error = await #expect(throws: ModelError.self) { try await failing.output([]) }
        #expect(error?.message == "helper: no such page")
    }

    @Test func whatDoesNotEndIsKilled() async throws {
        var stuck = try program("echo $$ > \(folder.path)/pid; trap '' TERM; while :; do :; done")
        stuck.timeout = .milliseconds(300)
        let run = stuck
        let error = await #expect(throws: ModelError.self) { try await run.output([]) }
        #expect(error?.code == .timeout)
        let text = try String(contentsOfFile: folder.path + "/pid", encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) != 0)
    }

    @Test func tooMuchOutputIsAnError() async throws {
        var talker = try program("yes")
        talker.outputBytes = 1 << 20
        let run = talker
        let error = await #expect(throws: ModelError.self) { try await run.output([]) }
        #expect(error?.message == "helper wrote more than 1 MiB")
    }

    @Test func itDoesNotGetTheKeys() async throws {
        let output = try await program("env").output([])
        #expect(!output.contains("MISTRAL_API_KEY"))
    }

    @Test func temporaryFilesGoWithTheFolder() throws {
        var scratch: ScratchFolder? = try ScratchFolder(in: folder.path)
        let path = try #require(scratch?.path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o700)
        _ = try scratch?.write([1, 2], to: "a")
        try FileManager.default.createDirectory(atPath: path + "/deep/er", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: path + "/deep/er/b"))
        scratch = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aDataAddressIsWrittenToAFile() throws {
        let scratch = try ScratchFolder(in: folder.path)
        let media = try LocalMedia(.url("data:image/png;base64,UDUK"), what: "the document", folder: scratch)
        #expect(media.head(16) == Array("P5\n".utf8))
        #expect(media.bytes == 3)
        for bad in ["data:image/png;base64", "data:text/plain,abc", "data:image/png;base64,!!!!"] {
            let error = #expect(throws: ModelError.self) {
                try LocalMedia(.url(bad), what: "the document", folder: scratch)
            }
            #expect(error?.message.hasPrefix("the document is a data: address ") == true)
        }
    }

    @Test func whatIsNotOnThisMachineIsRefusedWithAHint() throws {
        let scratch = try ScratchFolder(in: folder.path)
        let sources: [(MediaSource, String)] = [
            (.url("https://example.org/a.pdf"), "download it first"),
            (.uploaded(id: "f1"), "name a file of this machine"),
            (.file(path: folder.path + "/none.pdf"), "No such file"), (.file(path: folder.path), "not a regular file"),
            (.file(path: try folder.write("", to: "empty")), "is empty"),
        ]
        for (source, hint) in sources {
            let error = #expect(throws: ModelError.self) {
                try LocalMedia(source, what: "the document", folder: scratch)
            }
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.contains(hint) == true, "\(String(describing: error))")
        }
    }
}
