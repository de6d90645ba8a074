// SPDX-License-Identifier: Apache-2.0

import AgentCore
package import JSONCore

/// The words that ask a model for JSON.
package enum OutputInstruction {
    /// Without the word JSON in a message OpenAI refuses JSON mode, and Mistral's models may write white space without end.
    package static let jsonObject = "Answer with one JSON object and nothing else."

    /// The sentence that the Mistral API puts first for structured output (its documentation, custom structured outputs).
    package static func following(_ schema: JSONValue) -> String {
        let text = (try? schema.serialized()) ?? "{}"
        return "Your output should be an instance of a JSON object following this schema: \(text)"
    }
}

extension [Message] {
    /// Whether a message of the system or the user speaks of JSON already.
    package var mentionJSON: Bool {
        contains { message in
            (message.role == .system || message.role == .user) && message.text.lowercased().contains("json")
        }
    }

    /// Adds a paragraph to the system message, which is made when there is none.
    mutating func addToSystem(_ text: String, first: Bool = false) {
        guard self.first?.role == .system else { return insert(.system(text), at: 0) }
        if first {
            self[0].content.insert(.text(text + "\n\n"), at: 0)
        } else {
            self[0].content.append(.text("\n\n" + text))
        }
    }
}
