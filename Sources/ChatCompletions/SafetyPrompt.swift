// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// The system prompt that the Mistral API puts first for `safe_prompt`; where that is no field, it is put first here.
package enum SafetyPrompt {
    /// In the words of the platform's documentation.
    package static let text =
        "Always assist with care, respect, and truth. Respond with utmost utility yet securely. Avoid harmful, unethical, "
        + "prejudiced, or negative content. Ensure replies promote fairness and positivity."

    /// `instructions` with the prompt before them, once.
    package static func before(_ instructions: String?) -> String {
        let rest = removed(from: instructions ?? "")
        return rest.isEmpty ? text : text + "\n\n" + rest
    }

    /// `instructions` without a prompt that they begin with, however often.
    fileprivate static func removed(from instructions: String) -> String {
        var rest = Substring(instructions)
        while rest.hasPrefix(text) {
            rest = rest.dropFirst(text.count)
            rest = rest.drop { $0.isWhitespace }
        }
        return String(rest)
    }
}

extension [Message] {
    /// Puts the safety prompt first, before all instructions. A conversation that begins with it has it once all the same.
    package mutating func addSafetyPrompt() {
        removeSafetyPrompt()
        addToSystem(SafetyPrompt.text, first: true)
    }

    /// Takes the safety prompt from the beginnings of system messages, for a service that adds it.
    package mutating func removeSafetyPrompt() {
        self = compactMap { message in
            guard message.role == .system, message.text.hasPrefix(SafetyPrompt.text) else { return message }
            let rest = SafetyPrompt.removed(from: message.text)
            return rest.isEmpty ? nil : .system(rest)
        }
    }
}
