// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Synchronization

/// A moderation service that judges by a rule, and keeps what it was asked.
final class FakeModeration: ModerationModel {
    typealias Verdict = ModerationResponse.Verdict

    let name = "fake-moderation"
    private let rule: @Sendable (String) -> Verdict
    private let lost: Int
    private let state = Mutex<[ModerationInput]>([])

    /// - Parameter lost: how many verdicts are missing in an answer.
    init(lost: Int = 0, _ rule: @escaping @Sendable (String) -> Verdict) {
        self.rule = rule
        self.lost = lost
    }

    /// Flags texts that hold "bad" by these scores, others by none.
    convenience init(scores: [String: Double], flags: Set<String> = []) {
        self.init { text in
            let isBad = text.contains("bad")
            return .wire(scores.map { ($0.key, isBad && flags.contains($0.key), isBad ? $0.value : 0) })
        }
    }

    var inputs: [ModerationInput] { state.withLock(\.self) }

    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        state.withLock { $0.append(input) }
        let texts =
            switch input {
            case .texts(let texts): texts
            case .conversations(let conversations): conversations.map { $0.last?.text ?? "" }
            }
        return ModerationResponse(model: name, verdicts: Array(texts.map(rule).dropLast(lost)))
    }
}

extension ModerationResponse.Verdict {
    /// A verdict in the form of the wire.
    static func wire(_ categories: [(String, Bool, Double)]) -> Self {
        let categories = categories.sorted { $0.0 < $1.0 }
        return .init(
            categories: categories.map { (name: $0.0, isFlagged: $0.1, score: $0.2) },
            fields: [
                "categories": .object(JSONObject(categories.map { ($0.0, .bool($0.1)) })),
                "category_scores": .object(JSONObject(categories.map { ($0.0, .number($0.2)) })),
            ])
    }
}
