// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import RunStores
import Testing

@Suite struct SQLiteSessionsTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/new/deep/sessions.db" }
    private var store: SQLiteSessions { SQLiteSessions(path: path) }

    private static let call = ToolCall(id: "c", name: "f", arguments: "{\"n\": 9007199254740993}")
    private static let messages: [Message] = [
        .user("hi \u{0}\u{1F600}"), .assistant("", toolCalls: [call]),
        .tool(ToolResult(callID: "c", name: "f", content: "no", isError: true)), .assistant("ok"),
    ]

    @Test func whatIsStoredComesBack() async throws {
        let nothing = try await store.load("a", owner: "")
        #expect(nothing == nil)
        #expect(!FileManager.default.fileExists(atPath: path))
        let saved = try await store.save(ChatSession(id: "a", script: "/x.lua", messages: Self.messages))
        let loaded = try await store.load("a", owner: "")
        #expect(loaded == saved)
        #expect(loaded?.messages == Self.messages)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func ownersDoNotSeeEachOther() async throws {
        _ = try await store.save(ChatSession(id: "a", owner: "/one.lua", messages: Self.messages))
        _ = try await store.save(ChatSession(id: "a", owner: "/two.lua", messages: [.user("x")]))
        let first = try await store.load("a", owner: "/one.lua")
        let second = try await store.load("a", owner: "/two.lua")
        #expect(first?.messages.count == 4)
        #expect(second?.messages == [.user("x")])
        let list = try await store.list(owner: "/two.lua")
        #expect(list.map(\.messages) == [1])
        let other = try await store.load("a", owner: "")
        #expect(other == nil)
    }

    @Test func compactionsAreStoredAndNothingIsLost() async throws {
        var session = ChatSession(id: "a", messages: (1...20).flatMap { [.user("q\($0)"), .assistant("a")] })
        _ = session.compact(by: HistoryRule(tokens: 60))
        session = try await store.save(session)
        let loaded = try await store.load("a", owner: "")
        #expect(loaded == session)
        #expect(loaded?.messages.count == 40)
        #expect(loaded?.compactions.count == 1)
    }

    @Test func whoeverHasAnOldStateIsRefused() async throws {
        let first = try await store.save(ChatSession(id: "a", messages: [.user("x")]))
        var mine = first
        mine.goOn(with: mine.view + [.assistant("mine")])
        var theirs = first
        theirs.goOn(with: theirs.view + [.assistant("theirs")])
        _ = try await store.save(theirs)
        let error = await #expect(throws: JournalError.self) { try await store.save(mine) }
        #expect(error?.code == .busy)
        let loaded = try await store.load("a", owner: "")
        #expect(loaded?.messages.last == .assistant("theirs"))
        // Two that begin one of the same name are no different.
        await #expect(throws: JournalError.self) { try await store.save(ChatSession(id: "a")) }
    }

    @Test func turnsCanBeTakenBack() async throws {
        var session = try await store.save(
            ChatSession(id: "a", messages: Self.messages + [.user("y"), .assistant("z")]))
        let undone = session.undo()
        #expect(undone)
        session = try await store.save(session)
        let loaded = try await store.load("a", owner: "")
        #expect(loaded?.messages == Self.messages)
    }

    @Test func listsTheLastFirst() async throws {
        _ = try await store.save(ChatSession(id: "a", messages: [.user("one")]))
        var second = try await store.save(ChatSession(id: "b", messages: [.system("s"), .user("two")]))
        var first = try #require(try await store.load("a", owner: ""))
        first.goOn(with: first.view + [.assistant("x")])
        first = try await store.save(first)
        second.version = 1
        let list = try await store.list(owner: "")
        #expect(list.map(\.id) == ["a", "b"])
        #expect(list.map(\.prompt) == ["one", "two"])
        let removed = try await store.remove("a", owner: "")
        #expect(removed)
        let again = try await store.remove("a", owner: "")
        #expect(!again)
    }

    @Test func refusesFilesOfOthers() async throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data("this is no database, it is a text of some length".utf8).write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: JournalError.self) { try await store.load("a", owner: "") }
        #expect(error?.code == .format)
        #expect(error?.message.contains(path) == true)
    }
}
