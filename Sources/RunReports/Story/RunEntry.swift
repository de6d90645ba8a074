// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// A piece of a run as it is read from top to bottom: each message once, with the calls of tools where they were asked for.
package struct RunEntry: Sendable {
    package enum Content: Sendable {
        /// A message that a model is sent.
        case message(Message)
        /// What a model answered, or why it did not; which of the run's model calls it is, from 1.
        case answer(Message?, turn: Int)
        /// A tool that was asked for.
        case call(name: String, arguments: String, result: String?, isError: Bool)
        /// A run of an agent, a map.
        case group
        /// What was asked of the world beside: a file, a person, a guardrail.
        case step
    }

    package let content: Content
    /// `nil` for messages, and for calls that were refused before they became a step.
    package let record: JournalRecord?
    package let children: [RunEntry]

    package init(_ content: Content, _ record: JournalRecord? = nil, children: [RunEntry] = []) {
        self.content = content
        self.record = record
        self.children = children
    }
}
