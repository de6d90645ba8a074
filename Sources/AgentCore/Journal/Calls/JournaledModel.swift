// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

extension JournalScope {
    /// Lets `model` answer, or the recording: with the same pieces in the same order.
    ///
    /// - Parameter cost: what a response cost, where that is known.
    func respond(
        _ model: any Model, to request: ModelRequest, cost: @escaping @Sendable (ModelResponse) -> Dollars?,
        onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let pieces = Mutex<[ModelEvent]>([])
        let isLive = Mutex(false)
        let step = JournalStep(
            "model", name: model.name, request: request.journalValue, messages: request.messages)
        do {
            let answer = try await perform(step, .model(cost)) {
                isLive.withLock { $0 = true }
                do {
                    let response = try await model.respond(to: request) { event in
                        pieces.withLock { $0.append(event) }
                        try await onEvent(event)
                    }
                    return RecordedAnswer(response: response, pieces: pieces.withLock(\.self))
                } catch is CancellationError {
                    throw CancelledAnswer(pieces: pieces.withLock(\.self))
                }
            }
            if !isLive.withLock(\.self) {
                for piece in answer.pieces { try await onEvent(piece) }
            }
            return answer.response
        } catch let error as CancelledAnswer {
            if isLive.withLock(\.self) { throw CancellationError() }
            for piece in error.pieces { try await onEvent(piece) }
            throw CancellationError()
        }
    }
}

/// What had been heard of an answer when its run was stopped.
private struct CancelledAnswer: Error {
    var pieces: [ModelEvent]
}

/// A response, and what was heard of it while it came.
struct RecordedAnswer: Sendable {
    var response: ModelResponse
    var pieces: [ModelEvent]
}

extension JournalForm<RecordedAnswer> {
    static func model(_ cost: @escaping @Sendable (ModelResponse) -> Dollars?) -> JournalForm {
        JournalForm(
            encode: { answer in
                JournalAnswer(
                    answer.journalValue, usage: answer.response.usage, cost: cost(answer.response),
                    model: answer.response.model.isEmpty ? nil : answer.response.model)
            },
            decode: { try RecordedAnswer(journalValue: $0) },
            encodeFailure: { error in
                if let error = error as? CancelledAnswer {
                    return ["cancelled": true, "pieces": .array(error.pieces.map(\.journalValue))]
                }
                return (error as? ModelError)?.journalValue
            },
            decodeFailure: { value in
                guard value["cancelled"] == nil else {
                    return CancelledAnswer(
                        pieces: value["pieces"]?.arrayValue?.compactMap { ModelEvent(journalValue: $0) } ?? [])
                }
                return ModelError(journalValue: value)
            })
    }
}

extension RecordedAnswer {
    var journalValue: JSONValue {
        var fields: JSONObject = [
            "model": .string(response.model), "message": response.message.journalValue,
            "finish_reason": .string(response.finishReason.rawValue),
        ]
        if !response.id.isEmpty { fields["id"] = .string(response.id) }
        fields["usage"] = response.usage.map(\.journalValue)
        fields["pricing_name"] = response.pricingName.map { .string($0) }
        fields["guardrails"] = response.guardrails
        if !pieces.isEmpty { fields["pieces"] = .array(pieces.map(\.journalValue)) }
        return .object(fields)
    }

    init(journalValue value: JSONValue) throws(JournalError) {
        guard let message = value["message"].flatMap({ Message(journalValue: $0) }),
            let reason = value["finish_reason"]?.stringValue
        else { throw JournalError(.format, "the answer of a model: expected message and finish_reason") }
        response = ModelResponse(
            id: value["id"]?.stringValue ?? "", model: value["model"]?.stringValue ?? "", message: message,
            finishReason: FinishReason(rawValue: reason), usage: value["usage"].map { Usage(journalValue: $0) },
            pricingName: value["pricing_name"]?.stringValue, guardrails: value["guardrails"])
        pieces = value["pieces"]?.arrayValue?.compactMap { ModelEvent(journalValue: $0) } ?? []
    }
}

extension ModelEvent {
    var journalValue: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .thinking(let text): ["thinking": .string(text)]
        case .retrying(let attempt, let delay, let reason):
            ["retry": .integer(Int64(attempt)), "after": .integer(delay.microseconds), "reason": .string(reason)]
        case .progress(let text): ["progress": .string(text)]
        }
    }

    init?(journalValue value: JSONValue) {
        if let text = value.stringValue {
            self = .text(text)
        } else if let text = value["thinking"]?.stringValue {
            self = .thinking(text)
        } else if let attempt = value["retry"]?.integerValue {
            self = .retrying(
                attempt: Int(attempt), delay: .microseconds(value["after"]?.integerValue ?? 0),
                reason: value["reason"]?.stringValue ?? "")
        } else if let text = value["progress"]?.stringValue {
            self = .progress(text)
        } else {
            return nil
        }
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
