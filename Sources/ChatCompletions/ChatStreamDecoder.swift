// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import HTTPCore
import JSONCore

/// Puts a chat completion together from the events of its stream.
package struct ChatStreamDecoder: Sendable {
    private let service: String
    private var id = ""
    private var model = ""
    private var content = ContentDecoder()
    private var calls = ToolCallAssembler()
    private var finishReason: JSONValue?
    private var usage: Usage?
    private var tokens: [TokenChoice] = []
    private var guardrails: JSONValue?
    private var sawChoice = false
    /// Whether `[DONE]` came.
    package private(set) var isDone = false

    /// - Parameter service: who answers, for the sentences of errors.
    package init(service: String) { self.service = service }

    /// The text that has come so far; `nil` for none.
    package var partialText: String? {
        let text = content.text
        return text.isEmpty ? nil : text
    }

    /// Takes an event.
    ///
    /// - Returns: what is new in it.
    /// - Throws: ``ModelError`` for an event that is not JSON or says that the answer failed.
    package mutating func receive(_ event: ServerSentEvent) throws(ModelError) -> [ModelEvent] {
        if event.data.elementsEqual("[DONE]".utf8) { isDone = true }
        // Whatever a server sends after its last word is none of the answer.
        if isDone || event.data.isEmpty { return [] }
        let chunk = try parse(event)
        if var error = APIErrorDecoder(service: service).errorObject(chunk, isErrorEvent: event.type == "error") {
            error.partialText = partialText
            throw error
        }
        if id.isEmpty, let id = chunk["id"]?.stringValue { self.id = id }
        if model.isEmpty, let model = chunk["model"]?.stringValue { self.model = model }
        if let usage = ChatResponseDecoder.usage(chunk["usage"]) { self.usage = usage }
        // No document says which chunk has them: the last word counts.
        if let guardrails = ChatResponseDecoder.guardrails(of: chunk) { self.guardrails = guardrails }
        return receive(choices: chunk["choices"]?.arrayValue ?? [])
    }

    private mutating func receive(choices: [JSONValue]) -> [ModelEvent] {
        // With `n` over 1 the choices are interleaved; the first is the answer.
        guard let choice = choices.first(where: { ($0["index"]?.integerValue ?? 0) == 0 })?.objectValue else {
            return []
        }
        sawChoice = true
        tokens += TokenChoiceDecoder.tokens(of: choice)
        if let reason = choice["finish_reason"], !reason.isNull { finishReason = reason }
        // Servers that do not know deltas send the message.
        guard let delta = (choice["delta"] ?? choice["message"])?.objectValue else { return [] }
        calls.receive(delta["tool_calls"])
        return content.receive(delta)
    }

    /// The whole answer, once the stream has ended.
    ///
    /// - Throws: ``ModelError/Code/cut`` when neither a finish reason nor `[DONE]` came, and
    ///   ``ModelError/Code/invalidResponse`` when nothing of an answer came at all.
    package func finish() throws(ModelError) -> ModelResponse {
        guard sawChoice else {
            throw ModelError(.invalidResponse, "\(service) answered with a stream without an answer in it")
        }
        guard finishReason != nil || isDone else { throw cut() }
        return ModelResponse(
            id: id, model: model, message: Message(role: .assistant, content: content.content, toolCalls: calls.calls),
            finishReason: ChatResponseDecoder.finishReason(finishReason, hasCalls: !calls.isEmpty), usage: usage,
            tokens: tokens, guardrails: guardrails)
    }

    /// The error of a stream that ended in the middle of the answer.
    package func cut(_ reason: String? = nil) -> ModelError {
        let cause = reason.map { ": \($0)" } ?? ""
        return ModelError(.cut, "the answer of \(service) was cut off\(cause)", partialText: partialText)
    }

    private func parse(_ event: ServerSentEvent) throws(ModelError) -> JSONValue {
        do {
            return try JSONValue(parsing: event.data)
        } catch let error where error.code == .invalidUTF8 {
            // The standard of event streams repairs bytes that are not UTF-8.
            if let value = try? JSONValue(parsing: event.text) { return value }
            throw notJSON(error)
        } catch {
            throw notJSON(error)
        }
    }

    private func notJSON(_ error: JSONError) -> ModelError {
        ModelError(
            .invalidResponse, "an event in the stream of \(service) is not JSON: \(error)", partialText: partialText)
    }
}
