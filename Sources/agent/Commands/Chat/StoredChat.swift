// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports
import RunStores

/// The conversation of `agent chat`: stored after each turn, and compacted where it no longer fits.
struct StoredChat {
    private let options: SessionOptions
    private let script: String?
    /// `nil` when nothing is stored.
    private let store: JournaledSessions?
    private(set) var session: ChatSession

    /// The user's own.
    static let owner = ""

    /// - Parameter script: the whole path of the script that is talked with.
    /// - Throws: ``UsageError`` when there is no such conversation.
    init(_ options: SessionOptions, script: String?, store: (any SessionStore)?) async throws {
        self.options = options
        self.script = script
        let sessions = store.map { JournaledSessions($0) }
        self.store = sessions
        let fresh = ChatSession(id: options.id ?? RunID.new(), script: script)
        guard let store, let sessions else {
            session = fresh
            return
        }
        let name = options.continues ? "-c" : options.id ?? ""
        session =
            try await sessions.choose(name) { try await Self.find(options, script, in: store) ?? fresh } ?? fresh
        if options.continues, session.messages.isEmpty {
            throw UsageError("-c: there is no conversation to go on with")
        }
    }

    private static func find(
        _ options: SessionOptions, _ script: String?, in store: any SessionStore
    ) async throws -> ChatSession? {
        guard options.continues || options.id != nil else { return nil }
        if let id = options.id, let found = try await store.load(id, owner: owner) { return found }
        let all = try await store.list(owner: owner)
        let matching = all.filter { summary in
            if let id = options.id { return summary.id.hasPrefix(id) && id.count >= 4 }
            return summary.script == script
        }
        if options.id != nil, matching.count > 1 {
            throw UsageError("--session: several begin so: \(matching.prefix(4).map(\.id).joined(separator: ", "))")
        }
        guard let first = matching.first else { return nil }
        return try await store.load(first.id, owner: owner)
    }

    /// Begins a new one. The one before stays stored.
    mutating func reset() { session = ChatSession(id: RunID.new(), script: script) }

    /// Takes the last turn back.
    ///
    /// - Returns: whether there was one.
    mutating func undo() async throws -> Bool {
        guard session.undo() else { return false }
        try await save()
        return true
    }

    /// What a model is sent for the next message of the user.
    ///
    /// - Parameter summarize: sums up a text.
    mutating func messages(
        with line: String, for agent: Agent, _ note: (String) -> Void,
        summarize: (String) async throws -> String
    ) async throws -> [Message] {
        let next = Message.user(line)
        let rule = options.rule(for: agent.contextTokens)
        let more =
            HistoryRule.tokens(of: next) + (agent.instructions.map { HistoryRule.tokens(of: .system($0)) } ?? 0)
        if let compaction = session.compact(by: rule, more: more) {
            note("compacted: \(compaction.summary); the whole conversation stays stored")
            if rule.summarizes {
                let summary = try await summarize(HistoryRule.summaryPrompt(of: session.lately))
                session.summarize(summary)
                note("summary of what was dropped: \(summary)")
            }
        }
        return session.view + [next]
    }

    mutating func goOn(with conversation: [Message]) async throws {
        session.goOn(with: conversation)
        try await save()
    }

    private mutating func save() async throws {
        guard let store else { return }
        session = try await store.save(session)
    }

    /// The conversations as lines.
    static func list(in store: any SessionStore) async throws -> String {
        let sessions = try await store.list(owner: owner)
        let width = sessions.map(\.id.count).max() ?? 0
        return sessions.map { session in
            let script = session.script.map { " \($0.split(separator: "/").last ?? "")" } ?? ""
            return "\(session.id.padded(to: width))  \(Figures.date(session.changed).dropLast(3))  "
                + "\(Figures.counted(session.messages, "message"))\(Printable.short(script))  "
                + Printable.short(session.prompt ?? "", width: 60) + "\n"
        }.joined()
    }
}
