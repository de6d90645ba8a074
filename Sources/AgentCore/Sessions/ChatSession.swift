// SPDX-License-Identifier: Apache-2.0

/// A conversation that can be put aside and taken up again. All of it is kept; what a model is sent of it is ``view``.
public struct ChatSession: Sendable, Equatable {
    /// Unique among the sessions of its owner.
    public var id: String
    /// Whose it is: empty for the user's own, else the script that may open it.
    public var owner: String
    /// The script that it is with; `nil` when it is with no script.
    public var script: String?
    /// Every message, without the agent's instructions.
    public private(set) var messages: [Message]
    /// What no longer fitted, the latest last.
    public private(set) var compactions: [Compaction]
    /// Microseconds since 1970.
    public var began: Int64
    /// When it was stored last.
    public var changed: Int64
    /// How often it was stored: who has another number has another state of it.
    public var version: Int

    /// Messages from the beginning that models are no longer sent.
    public struct Compaction: Sendable, Equatable {
        /// How many of the session's messages are left out, from the first on.
        public var dropped: Int
        /// How many messages there were.
        public var count: Int
        /// What stands in their place.
        public var note: String

        public init(dropped: Int, count: Int, note: String) {
            self.dropped = dropped
            self.count = count
            self.note = note
        }

        /// `12 of 40 messages dropped`
        public var summary: String { "\(dropped) of \(count) messages dropped" }
    }

    public init(
        id: String, owner: String = "", script: String? = nil, messages: [Message] = [],
        compactions: [Compaction] = [], began: Int64 = WallClock.microseconds, changed: Int64 = 0, version: Int = 0
    ) {
        self.id = id
        self.owner = owner
        self.script = script
        self.messages = messages
        self.compactions = compactions
        self.began = began
        self.changed = changed
        self.version = version
    }

    /// What a model is sent: the note of the last compaction, and every message behind it.
    public var view: [Message] {
        guard let last = compactions.last else { return messages }
        return [.system(last.note)] + messages[min(last.dropped, messages.count)...]
    }

    /// Takes up what a run made of ``view`` and the messages that were added to it.
    ///
    /// - Parameter conversation: begins with ``view``, as ``RunResult/messages`` does.
    public mutating func goOn(with conversation: [Message]) {
        messages += conversation.dropFirst(view.count)
    }

    /// Leaves out what `rule` says no longer fits.
    ///
    /// - Parameter more: tokens of what will be sent beside the view: instructions, tools, the next message.
    /// - Returns: what was left out; `nil` when everything fits, or nothing may go.
    public mutating func compact(by rule: HistoryRule, more: Int = 0) -> Compaction? {
        let start = compactions.last?.dropped ?? 0
        guard let dropped = rule.dropped(of: messages, from: start, more: more) else { return nil }
        let compaction = Compaction(
            dropped: dropped, count: messages.count,
            note: HistoryRule.note(dropped: dropped, of: messages.count))
        compactions.append(compaction)
        return compaction
    }

    /// Notes what was left out by somebody else's decision; once is enough.
    package mutating func noteCompaction(dropped: Int, note: String) {
        if let last = compactions.last, last.dropped == dropped, last.note == note { return }
        compactions.append(Compaction(dropped: dropped, count: messages.count, note: note))
    }

    /// Puts a summary into the note of the last compaction.
    public mutating func summarize(_ summary: String) {
        guard !compactions.isEmpty else { return }
        compactions[compactions.count - 1].note += "\nWhat they said, in short:\n" + summary
    }

    /// The messages that the last compaction left out and the one before did not, behind what stood for those.
    public var lately: [Message] {
        guard let last = compactions.last else { return [] }
        let before = compactions.dropLast().last
        let note: [Message] = before.map { [.system($0.note)] } ?? []
        return note + messages[min(before?.dropped ?? 0, last.dropped)..<min(last.dropped, messages.count)]
    }

    /// Takes back the last turn: the last message of the user and all that followed.
    ///
    /// - Returns: whether there was one to take back. What was left out of the view stays.
    public mutating func undo() -> Bool {
        let start = compactions.last?.dropped ?? 0
        guard let place = messages.lastIndex(where: { $0.role == .user }), place >= start else { return false }
        messages.removeSubrange(place...)
        return true
    }
}
