// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What is to be judged, put together for as few requests as there are endpoints.
struct ModerationBatch {
    private static let windows = TextWindows(length: ModerationGuardrail.textWindow, overlap: 200)

    private var texts: [String] = []
    private var textPlaces: [Int] = []
    private var conversations: [[Message]] = []
    private var conversationPlaces: [Int] = []
    private var count = 0

    /// Adds the next subject. A long text becomes several pieces, each of them judged.
    mutating func add(_ subject: GuardrailSubject, endpoint: ModerationGuardrail.Endpoint) {
        for piece in Self.windows.pieces(of: Self.judgedText(of: subject)) {
            switch endpoint {
            case .raw:
                texts.append(piece)
                textPlaces.append(count)
            case .chat:
                conversations.append(Self.context(of: subject) + [Self.turn(piece, subject.stage)])
                conversationPlaces.append(count)
            }
        }
        count += 1
    }

    /// Inputs, and for each of their items the place of its subject.
    var requests: [(input: ModerationInput, places: [Int])] {
        [(.texts(texts), textPlaces), (.conversations(conversations), conversationPlaces)].filter { !$0.1.isEmpty }
    }

    /// The text, and with a sentence what came before it.
    private static func judgedText(of subject: GuardrailSubject) -> String {
        guard !subject.before.isEmpty else { return subject.text }
        let room = ModerationGuardrail.sentenceWindow - subject.text.unicodeScalars.count
        return room > 0 ? TextWindows.end(of: subject.before, length: room) + subject.text : subject.text
    }

    private static func turn(_ text: String, _ stage: GuardrailStage) -> Message {
        stage == .input || stage == .toolResult ? .user(text) : .assistant(text)
    }

    /// The last messages that fit, as text: calls, images and thoughts are nothing that the service reads.
    private static func context(of subject: GuardrailSubject) -> [Message] {
        var room = ModerationGuardrail.contextWindow
        var context: [Message] = []
        for message in subject.conversation.reversed() where message.role != .tool {
            let text = message.text
            room -= text.unicodeScalars.count
            if room < 0 { break }
            if !text.isEmpty { context.append(Message(role: message.role, content: [.text(text)])) }
        }
        return context.reversed()
    }
}
