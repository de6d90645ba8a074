// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPTypes
import JSONCore

/// What moderations and classifications have in common: texts or conversations go, a list of verdicts comes.
struct ClassifierExchange: Sendable {
    typealias Categories = [(name: String, isFlagged: Bool, score: Double)]

    let model: String
    let client: MistralClient
    /// `moderations` or `classifications`.
    let noun: String

    func classify(
        _ input: ModerationInput, _ onEvent: @Sendable (ModelEvent) async throws -> Void,
        categories: (JSONObject) throws(ModelError) -> Categories
    ) async throws -> ModerationResponse {
        guard input.count > 0 else { return ModerationResponse(model: model, verdicts: []) }
        let value = try await client.send(.post, path(of: input), body: .object(fields(of: input))) {
            attempt, delay, reason in
            try await onEvent(.retrying(attempt: attempt, delay: delay, reason: reason))
        }
        guard let results = value["results"]?.arrayValue else { throw malformed("it has no list 'results'") }
        guard results.count == input.count else {
            throw malformed("it has \(results.count) verdicts for \(input.count) inputs")
        }
        var verdicts: [ModerationResponse.Verdict] = []
        for (place, result) in results.enumerated() {
            guard let fields = result.objectValue else { throw malformed("/results/\(place) is not an object") }
            do throws(ModelError) {
                verdicts.append(.init(categories: try categories(fields), fields: fields))
            } catch {
                throw malformed("/results/\(place): \(error.message)")
            }
        }
        return ModerationResponse(
            id: value["id"]?.stringValue ?? "", model: value["model"]?.stringValue ?? model, verdicts: verdicts,
            usage: ChatResponseDecoder.usage(value["usage"]) ?? Usage())
    }

    func fields(of input: ModerationInput) -> JSONObject {
        ["model": .string(model), "input": value(of: input)]
    }

    private func value(of input: ModerationInput) -> JSONValue {
        switch input {
        case .texts(let texts): .array(texts.map { .string($0) })
        case .conversations(let conversations):
            // One conversation is sent as it is, several as a list of conversations.
            conversations.count == 1 ? conversation(conversations[0]) : .array(conversations.map(conversation))
        }
    }

    /// Moderations take the messages, classifications an object with them.
    private func conversation(_ messages: [Message]) -> JSONValue {
        let encoder = ChatMessageEncoder(dialect: .mistral)
        let values = JSONValue.array(messages.map { encoder.encode($0) })
        return noun == "classifications" ? ["messages": values] : values
    }

    private func path(of input: ModerationInput) -> String {
        switch input {
        case .texts: noun
        case .conversations: "chat/\(noun)"
        }
    }

    private func malformed(_ what: String) -> ModelError {
        ModelError(.invalidResponse, "the answer of \(client.api.service) is not a list of verdicts: \(what)")
    }
}

extension ModerationInput {
    /// How many verdicts there will be.
    var count: Int {
        switch self {
        case .texts(let texts): texts.count
        case .conversations(let conversations): conversations.count
        }
    }
}
