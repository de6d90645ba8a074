// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import agent

@Suite struct ApprovalStoreTests {
    private let folder: Folder
    private let store: ApprovalStore

    init() throws {
        folder = try Folder()
        store = ApprovalStore(path: folder.path + "/state/agent/approvals.json")
    }

    private func key(_ tool: String, file: String = "/x/a.lua", script: String = "11") -> ApprovalKey {
        ApprovalKey(file: file, script: script, tool: tool, definition: "dd")
    }

    @Test func keepsWhatWasAdded() throws {
        #expect(try store.entries().isEmpty)
        try store.add(key("f"))
        try store.add(key("g"))
        #expect(try store.contains(key("f")))
        #expect(try store.contains(key("g")))
        #expect(try !store.contains(key("h")))
    }

    @Test func otherCodeAnotherPlaceOrAnotherDefinitionIsNotRemembered() throws {
        try store.add(key("f"))
        #expect(try !store.contains(key("f", script: "12")))
        #expect(try !store.contains(key("f", file: "/y/a.lua")))
        #expect(try !store.contains(ApprovalKey(file: "/x/a.lua", script: "11", tool: "f", definition: "de")))
    }

    @Test func changedCodeReplacesWhatWasRememberedOfTheTool() throws {
        try store.add(key("f"))
        try store.add(key("f", script: "12"))
        #expect(try store.entries().map(\.key) == [key("f", script: "12")])
    }

    @Test func aToolOfNoFileIsNeverRemembered() throws {
        try store.add(key("f", file: ""))
        #expect(try !store.contains(key("f", file: "")))
    }

    @Test func theFileIsForTheUserAlone() throws {
        try store.add(key("f"))
        let mode = try FileManager.default.attributesOfItem(atPath: store.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/agent").sorted()
        #expect(left == ["approvals.json", "approvals.lock"], "no temporary file is left")
    }

    @Test func aFileThatOthersMayWriteToIsNotBelieved() throws {
        try store.add(key("f"))
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: store.path)
        #expect(throws: ConfigurationError.self) { try store.contains(key("f")) }
        #expect(throws: ConfigurationError.self) { try store.add(key("g")) }
    }

    @Test func aLinkIsNotFollowed() throws {
        try store.add(key("f"))
        let other = folder.path + "/other.json"
        try FileManager.default.moveItem(atPath: store.path, toPath: other)
        try FileManager.default.createSymbolicLink(atPath: store.path, withDestinationPath: other)
        #expect(throws: ConfigurationError.self) { try store.contains(key("f")) }
    }

    @Test(arguments: ["", "[]", "{}", #"{"version":2,"approvals":[]}"#, #"{"version":1,"approvals":[{"tool":"f"}]}"#])
    func aFileThatIsNotAsItWasWrittenIsNotBelieved(text: String) throws {
        try store.add(key("f"))
        try Data(text.utf8).write(to: URL(fileURLWithPath: store.path))
        #expect(throws: ConfigurationError.self) { try store.entries() }
        #expect(try store.clear(file: nil) == 0, "it can be cleared all the same")
        #expect(try store.entries().isEmpty)
    }

    @Test func forgetsOneFileOrAll() throws {
        try store.add(key("f"))
        try store.add(key("g"))
        try store.add(key("f", file: "/y/b.lua"))
        #expect(try store.clear(file: "/x/a.lua") == 2)
        #expect(try store.entries().map(\.key.file) == ["/y/b.lua"])
        #expect(try store.clear(file: nil) == 1)
        #expect(try store.clear(file: nil) == 0)
    }

    @Test func severalProcessesLoseNothing() async throws {
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try store.add(ApprovalKey(file: "/x/a.lua", script: "11", tool: "f\(number)", definition: "dd"))
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.entries().count == 20)
    }
}
