// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// Sessions as journals keep them, so that a run that opened one comes again with what it held then.
extension ChatSession {
    package var journalValue: JSONValue {
        var fields: JSONObject = [
            "id": .string(id), "owner": .string(owner), "messages": .array(messages.map(\.journalValue)),
            "began": .integer(began), "changed": .integer(changed), "version": .integer(Int64(version)),
        ]
        fields["script"] = script.map { .string($0) }
        if !compactions.isEmpty {
            fields["compactions"] = .array(
                compactions.map { compaction in
                    [
                        "dropped": .integer(Int64(compaction.dropped)), "count": .integer(Int64(compaction.count)),
                        "note": .string(compaction.note),
                    ]
                })
        }
        return .object(fields)
    }

    /// - Throws: ``JournalError`` with ``JournalError/Code/format``.
    package init(journalValue value: JSONValue) throws(JournalError) {
        let wrong = JournalError(.format, "a session: expected id, owner, messages and version")
        guard let id = value["id"]?.stringValue, let owner = value["owner"]?.stringValue,
            let list = value["messages"]?.arrayValue, let version = value["version"]?.integerValue
        else { throw wrong }
        var messages: [Message] = []
        for value in list {
            guard let message = Message(journalValue: value) else { throw wrong }
            messages.append(message)
        }
        var compactions: [Compaction] = []
        for value in value["compactions"]?.arrayValue ?? [] {
            guard let dropped = value["dropped"]?.integerValue, let count = value["count"]?.integerValue,
                let note = value["note"]?.stringValue
            else { throw wrong }
            compactions.append(Compaction(dropped: Int(clamping: dropped), count: Int(clamping: count), note: note))
        }
        self.init(
            id: id, owner: owner, script: value["script"]?.stringValue, messages: messages, compactions: compactions,
            began: value["began"]?.integerValue ?? 0, changed: value["changed"]?.integerValue ?? 0,
            version: Int(clamping: version))
    }
}

/// A store as a recorded run sees it: what it gave is given again, and what was stored is not stored twice.
package struct JournaledSessions: SessionStore {
    private let store: any SessionStore

    package init(_ store: any SessionStore) { self.store = store }

    package func load(_ id: String, owner: String) async throws -> ChatSession? {
        guard let scope = JournalScope.current else { return try await store.load(id, owner: owner) }
        return try await scope.perform(JournalStep("chat.load", name: id), .session) {
            try await store.load(id, owner: owner)
        }
    }

    package func save(_ session: ChatSession) async throws -> ChatSession {
        guard let scope = JournalScope.current else { return try await store.save(session) }
        let step = JournalStep(
            "chat.save", name: session.id, effect: .write,
            request: ["messages": .integer(Int64(session.messages.count)), "version": .integer(Int64(session.version))])
        let form = JournalForm<ChatSession>(
            encode: { JournalAnswer(["version": .integer(Int64($0.version)), "changed": .integer($0.changed)]) },
            decode: { value in
                var stored = session
                stored.version = Int(clamping: value["version"]?.integerValue ?? 0)
                stored.changed = value["changed"]?.integerValue ?? 0
                return stored
            })
        return try await scope.perform(
            step, form,
            doubt: { _ in
                // It was stored just when the process died, or it was not: the store knows.
                let now = try await store.load(session.id, owner: session.owner)
                return now?.version == session.version + 1 ? .happened(now ?? session) : .mayRun
            }
        ) { try await store.save(session) }
    }

    package func list(owner: String) async throws -> [SessionSummary] { try await store.list(owner: owner) }
    package func remove(_ id: String, owner: String) async throws -> Bool {
        try await store.remove(id, owner: owner)
    }

    /// Opens the session that `find` picks, which is the same when the run comes again.
    package func choose(_ name: String, _ find: () async throws -> ChatSession?) async throws -> ChatSession? {
        guard let scope = JournalScope.current else { return try await find() }
        return try await scope.perform(JournalStep("chat.load", name: name), .session, find)
    }
}

extension JournalForm<ChatSession?> {
    fileprivate static var session: JournalForm {
        JournalForm(
            encode: { JournalAnswer($0?.journalValue ?? .null) },
            decode: { $0.isNull ? nil : try ChatSession(journalValue: $0) })
    }
}
