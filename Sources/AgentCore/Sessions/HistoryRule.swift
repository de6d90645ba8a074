// SPDX-License-Identifier: Apache-2.0

/// Decides which messages of a long conversation a model is no longer sent: the oldest turns, each as a whole, until the rest
/// fits. A turn is a message of the user and all that follows up to the next, so that calls of tools stay with their results.
public struct HistoryRule: Sendable, Equatable {
    /// Tokens that fit, as ``tokens(of:)`` counts them; `nil`, the default, for no limit.
    public var tokens: Int?
    /// So many of the newest turns are never left out; at least 1, 2 by default.
    public var keepTurns: Int
    /// Whether the model is asked for a summary of what is left out. By default not.
    public var summarizes: Bool

    public init(tokens: Int? = nil, keepTurns: Int = 2, summarizes: Bool = false) {
        self.tokens = tokens
        self.keepTurns = max(1, keepTurns)
        self.summarizes = summarizes
    }

    /// When the limit is reached, so much is left out that this share of it is free: not every turn must end in a compaction then.
    private static let room = 4

    /// - Parameters:
    ///   - start: messages that were left out before.
    ///   - more: tokens of what is sent beside the messages.
    /// - Returns: how many messages from the first on are left out now; `nil` when that is no more than before.
    public func dropped(of messages: [Message], from start: Int = 0, more: Int = 0) -> Int? {
        guard let tokens else { return nil }
        let sizes = messages.map(Self.tokens)
        var rest = sizes[min(start, sizes.count)...].reduce(more) { $0.addingUpToMaximum($1) }
        guard rest > tokens else { return nil }
        let goal = tokens - tokens / Self.room
        let turns = messages.indices.filter { messages[$0].role == .user && $0 > start }
        var dropped = start
        for turn in turns.dropLast(keepTurns - 1) where rest > goal {
            rest -= sizes[dropped..<turn].reduce(0, +)
            dropped = turn
        }
        return dropped > start ? dropped : nil
    }

    /// About how many tokens a message is, without a tokenizer: one for three bytes of text, and four for what a template puts
    /// around it. English has four bytes a token and more, so the true number is most often less.
    public static func tokens(of message: Message) -> Int {
        let calls = message.toolCalls.reduce(0) { $0 + 12 + ($1.name.utf8.count + $1.arguments.utf8.count) / 3 }
        let content = message.content.reduce(0) { sum, part in
            switch part {
            case .text(let text): sum + (text.utf8.count + 2) / 3
            case .thinking(let text, _): sum + (text.utf8.count + 2) / 3
            // What a picture or a document comes to is the provider's to say.
            case .raw: sum + 1000
            }
        }
        return 4 + calls + content
    }

    /// What stands in the place of messages that were left out.
    package static func note(dropped: Int, of count: Int) -> String {
        "The first \(dropped) of \(count) messages of this conversation were left out, because they no longer fit. "
            + "If what you need was said there, ask for it."
    }

    /// What a model is asked for to sum up `messages`.
    public static func summaryPrompt(of messages: [Message]) -> String {
        let lines = messages.compactMap { message -> String? in
            let calls = message.toolCalls.map { "(called \($0.name) with \($0.arguments))" }
            let text = ([message.text] + calls).filter { !$0.isEmpty }.joined(separator: " ")
            return text.isEmpty ? nil : "\(message.role.rawValue): \(text)"
        }
        return
            "Sum up the beginning of a conversation in at most 150 words, so that it can go on without it. Keep names, numbers, "
            + "decisions and open questions. Answer with the summary alone.\n\n" + lines.joined(separator: "\n")
    }
}
