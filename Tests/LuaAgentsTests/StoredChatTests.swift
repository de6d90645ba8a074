// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import JSONCore
import LuaAgents
import RunStores
import Testing

@Suite struct StoredChatTests {
    private let folder: TemporaryFolder
    private let store: SQLiteSessions

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteSessions(path: folder.path + "/new/s.db")
    }

    private func world(_ texts: [String], owner: String = "/a.lua") -> World {
        var world = World(texts.map { .text($0) })
        world.environment.sessions = store
        world.environment.sessionOwner = owner
        return world
    }

    private static let turn = """
        local agent = require "agent"
        local chat = agent.new {}:chat { id = "support-17" }
        local reply = chat:run("hello")
        return { count = #chat.messages, id = chat.id, text = reply.text }
        """

    @Test func aChatIsReopenedByItsID() async throws {
        let first = try await world(["one"]).value(Self.turn)
        #expect(first == ["count": 2, "id": "support-17", "text": "one"])
        let world = world(["two"])
        let second = try await world.value(Self.turn)
        #expect(second == ["count": 4, "id": "support-17", "text": "two"])
        #expect(world.model.requests.first?.messages.map(\.text) == ["hello", "one", "hello"])
    }

    @Test func scriptsDoNotSeeTheChatsOfOthers() async throws {
        _ = try await world(["one"]).value(Self.turn)
        let other = try await world(["two"], owner: "/b.lua").value(Self.turn)
        #expect(other?["count"] == 2)
    }

    @Test func historyIsCompactedAndStaysWhole() async throws {
        let world = world((1...8).map { "answer \($0)" })
        let value = try await world.value(
            """
            local agent = require "agent"
            local chat = agent.new {}:chat { id = "x", history = { tokens = 60, keep_turns = 1 } }
            for i = 1, 8 do chat:run("question " .. i) end
            return #chat.messages
            """)
        #expect(value == 16)
        let last = try #require(world.model.requests.last)
        #expect(last.messages.first?.role == .system)
        #expect(last.messages.count < 10)
        #expect(last.messages.last?.text == "question 8")
        let stored = try await store.load("x", owner: "/a.lua")
        #expect(stored?.messages.count == 16)
        #expect(stored?.messages.first?.text == "question 1")
        #expect(stored?.compactions.isEmpty == false)
    }

    @Test func aStreamIsStoredToo() async throws {
        let value = try await world(["one"]).value(
            """
            local agent = require "agent"
            local chat = agent.new {}:chat { id = "s" }
            for event in chat:stream("hi") do end
            return #agent.new {}:chat { id = "s" }.messages
            """)
        #expect(value == 2)
    }

    @Test(arguments: [
        ("{ id = '' }", "1 to 200 bytes"), ("{ name = 'x' }", "name is not known"), ("{ id = 5 }", "id"),
        ("{ history = { tokens = 0 } }", "history.tokens"), ("{ history = { max = 1 } }", "history.max is not known"),
    ])
    func misuseIsSaid(options: String, expected: String) async throws {
        let error = await #expect(throws: ScriptError.self) {
            try await world([]).script("local agent = require 'agent'; agent.new {}:chat \(options)")
        }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func aHostWithoutAStoreSaysSo() async throws {
        let error = await #expect(throws: ScriptError.self) {
            try await World().script("local agent = require 'agent'; agent.new {}:chat { id = 'x' }")
        }
        #expect(error?.description.contains("this host stores no chats") == true)
    }
}
