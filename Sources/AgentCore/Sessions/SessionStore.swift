// SPDX-License-Identifier: Apache-2.0

/// Where conversations are put aside.
public protocol SessionStore: Sendable {
    /// - Returns: `nil` when the owner has no session of that id.
    /// - Throws: ``JournalError``.
    func load(_ id: String, owner: String) async throws -> ChatSession?

    /// Stores the session, whole or not at all.
    ///
    /// - Returns: the session as it is stored, with its new ``ChatSession/version``.
    /// - Throws: ``JournalError`` with ``JournalError/Code/busy`` when it was changed meanwhile by somebody else.
    func save(_ session: ChatSession) async throws -> ChatSession

    /// The sessions of the owner, the one that was changed last first.
    func list(owner: String) async throws -> [SessionSummary]

    /// - Returns: whether there was one.
    func remove(_ id: String, owner: String) async throws -> Bool
}

/// A session as a line of a list.
public struct SessionSummary: Sendable, Equatable {
    public var id: String
    public var script: String?
    public var began: Int64
    public var changed: Int64
    public var messages: Int
    /// The first message of the user.
    public var prompt: String?

    public init(id: String, script: String?, began: Int64, changed: Int64, messages: Int, prompt: String?) {
        self.id = id
        self.script = script
        self.began = began
        self.changed = changed
        self.messages = messages
        self.prompt = prompt
    }
}
