// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

/// Chats of a script that are stored. Each script has ids of its own, so that none can read another's.
extension Door {
    /// - Returns: `nil` for an operation of another kind.
    func chats(_ request: DoorRequest) async throws -> LuaAnswer? {
        switch request.operation {
        case "chat.load": try await loadChat(try chatID(request))
        case "chat.save": try await saveChat(try chatID(request), try request.json(1))
        default: nil
        }
    }

    private func loadChat(_ id: String) async throws -> LuaAnswer {
        guard let session = try await told({ try await store.load(id, owner: environment.sessionOwner) }) else {
            return .nothing
        }
        var fields: JSONObject = [
            "messages": .array(session.messages.map(\.scriptValue)), "version": .integer(Int64(session.version)),
        ]
        if let last = session.compactions.last {
            fields["dropped"] = .integer(Int64(last.dropped))
            fields["note"] = .string(last.note)
        }
        return .json(.object(fields))
    }

    /// Stores a turn: what is new behind the `kept` first messages.
    private func saveChat(_ id: String, _ turn: JSONValue) async throws -> LuaAnswer {
        let owner = environment.sessionOwner
        let number = { (name: String) in Int(clamping: turn[name]?.integerValue ?? 0) }
        var news: [Message] = []
        for (place, value) in (turn["messages"]?.arrayValue ?? []).enumerated() {
            news.append(try Message(scriptValue: value, at: "messages[\(place + 1)]"))
        }
        return try await told {
            let stored = try await store.load(id, owner: owner)
            // A process that died between storing and recording stores again.
            let isAgain = stored?.version == number("version") + 1
            if let stored, isAgain, Array(stored.messages.dropFirst(number("kept"))) == news {
                return .json(.integer(Int64(stored.version)))
            }
            var session = ChatSession(
                id: id, owner: owner, script: owner,
                messages: Array((stored?.messages ?? []).prefix(number("kept"))) + news,
                compactions: stored?.compactions ?? [], began: stored?.began ?? WallClock.microseconds,
                version: number("version"))
            if let note = turn["note"]?.stringValue {
                session.noteCompaction(dropped: number("dropped"), note: note)
            }
            return .json(.integer(Int64(try await store.save(session).version)))
        }
    }

    /// Decides what no longer fits; nothing is asked of the world.
    func fitChat(_ request: DoorRequest) throws -> LuaAnswer {
        let spec = try registry.agent(Int(try request.integer(0, "agent")))
        let messages = try Message.conversation(try request.json(1))
        let start = Int(clamping: try request.integer(2, "dropped"))
        let rule = try HistoryRule(scriptValue: try request.json(3))
        let more = spec.instructions.map { HistoryRule.tokens(of: .system($0)) } ?? 0
        guard let dropped = rule.dropped(of: messages, from: start, more: more) else { return .nothing }
        // The last message is not part of the conversation yet.
        let count = messages.count - 1
        environment.log("warn", "compacted: \(dropped) of \(count) messages dropped; all of them stay in the chat", [:])
        return .json([
            "dropped": .integer(Int64(dropped)), "note": .string(HistoryRule.note(dropped: dropped, of: count)),
            "prompt": .string(HistoryRule.summaryPrompt(of: Array(messages[start..<dropped]))),
        ])
    }

    // MARK: - The store

    private var store: any SessionStore {
        get throws {
            guard let store = environment.sessions else {
                throw Misuse("bot:chat: id: this host stores no chats")
            }
            return store
        }
    }

    private func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as JournalError {
            throw Misuse("bot:chat: \(error.message)")
        }
    }

    private func chatID(_ request: DoorRequest) throws -> String {
        let id = try request.string(0, "id")
        guard (1...200).contains(id.utf8.count), id.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw Misuse("bot:chat: id: expected 1 to 200 bytes without control characters") }
        return id
    }
}

extension HistoryRule {
    fileprivate init(scriptValue value: JSONValue) throws(Misuse) {
        guard case .object(let fields) = value else {
            throw Misuse("bot:chat: history: expected a table, found \(value.typeName)")
        }
        self.init()
        for (name, value) in fields {
            switch (name, value) {
            case ("tokens", .integer(let number)) where number >= 1: tokens = Int(clamping: number)
            case ("keep_turns", .integer(let number)) where number >= 1: keepTurns = Int(clamping: number)
            case ("summarize", .bool(let isOn)): summarizes = isOn
            case ("tokens", _), ("keep_turns", _):
                throw Misuse("bot:chat: history.\(name): expected an integer of 1 or more")
            case ("summarize", _): throw Misuse("bot:chat: history.summarize: expected true or false")
            default:
                throw Misuse("bot:chat: history.\(name) is not known; it has tokens, keep_turns and summarize")
            }
        }
    }
}
