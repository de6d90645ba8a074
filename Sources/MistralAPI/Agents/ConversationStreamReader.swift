// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import JSONCore

/// Puts the events of a conversation together.
struct ConversationStreamReader {
    let service: String
    private var decoder = ServerSentEventsDecoder()
    private var conversationID = ""
    private var outputs: [JSONObject] = []
    /// Places in `outputs` by the ids of entries.
    private var places: [String: Int] = [:]
    private var usage: JSONValue?
    private var guardrails: JSONValue?
    private(set) var isDone = false
    private(set) var text = ""

    init(service: String) { self.service = service }

    /// - Returns: the text that `bytes` completes.
    /// - Throws: ``ModelError``: what an error event says, or ``ModelError/Code/invalidResponse``.
    mutating func receive(_ bytes: [UInt8]) throws -> [String] {
        try decoder.decode(bytes).compactMap { try receive($0) }
    }

    /// Takes an event that lacks its empty line. Half of one, which a cut leaves, is not an event.
    ///
    /// - Returns: its text.
    mutating func finish() throws -> String? {
        guard let last = try decoder.finish(), (try? JSONValue(parsing: last.data)) != nil else {
            return nil
        }
        return try receive(last)
    }

    /// What has come.
    ///
    /// - Throws: ``ModelError/Code/cut`` when the last event did not come.
    func turn() throws(ModelError) -> ConversationTurn {
        guard isDone else {
            throw ModelError(
                .cut, "the answer of \(service) was cut off: it ended without its last event",
                partialText: text.isEmpty ? nil : text)
        }
        return ConversationTurn(
            conversationID: conversationID, outputs: outputs.map { .object($0) }, usage: usage, guardrails: guardrails)
    }

    private mutating func receive(_ event: ServerSentEvent) throws(ModelError) -> String? {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: event.data)
        } catch {
            throw ModelError(.invalidResponse, "an event of \(service) is not JSON: \(error)")
        }
        let type = value["type"]?.stringValue ?? event.type
        let errors = APIErrorDecoder(service: service)
        if let error = errors.errorObject(value, isErrorEvent: type == "conversation.response.error") { throw error }
        // No document says which event has them: the last word counts.
        if let said = ChatResponseDecoder.guardrails(of: value) { guardrails = said }
        switch type {
        case "conversation.response.started": conversationID = value["conversation_id"]?.stringValue ?? ""
        case "conversation.response.done":
            usage = value["usage"]
            isDone = true
        case "message.output.delta": return append(text: value)
        case "function.call.delta": append(call: value)
        case "tool.execution.started", "agent.handoff.started":
            begin(value, type: String(type.dropLast(8)))
        case "tool.execution.delta": append(execution: value)
        case "tool.execution.done", "agent.handoff.done": merge(value)
        default: break
        }
        return nil
    }

    private mutating func append(text event: JSONValue) -> String? {
        let more = ConversationTurn.text(ofContent: event["content"])
        let place = entry(of: event, type: "message.output")
        if let content = event["content"], !content.isNull {
            outputs[place]["content"] = Self.joined(outputs[place]["content"], content)
        }
        text += more
        return more.isEmpty ? nil : more
    }

    /// `content` with a piece behind it: a string as long as all is text, else a list of chunks.
    private static func joined(_ content: JSONValue?, _ piece: JSONValue) -> JSONValue {
        if let pieces = piece.arrayValue { return pieces.reduce(content ?? "") { joined($0, $1) } }
        let isText = piece.stringValue != nil || piece["type"]?.stringValue == "text"
        let text = piece.stringValue ?? piece["text"]?.stringValue ?? ""
        var chunks = content?.arrayValue ?? []
        if content?.arrayValue == nil {
            let before = content?.stringValue ?? ""
            if isText { return .string(before + text) }
            if !before.isEmpty { chunks.append(["type": "text", "text": .string(before)]) }
        }
        if !isText { return .array(chunks + [piece]) }
        if let last = chunks.last, last["type"]?.stringValue == "text" {
            chunks[chunks.count - 1] = [
                "type": "text", "text": .string((last["text"]?.stringValue ?? "") + text),
            ]
        } else {
            chunks.append(["type": "text", "text": .string(text)])
        }
        return .array(chunks)
    }

    /// A tool's arguments come in pieces.
    private mutating func append(execution event: JSONValue) {
        guard let place = places[event["id"]?.stringValue ?? ""] else { return }
        let before = outputs[place]["arguments"]?.stringValue ?? ""
        merge(event)
        if let more = event["arguments"]?.stringValue {
            outputs[place]["arguments"] = .string(before + more)
        }
    }

    private mutating func append(call event: JSONValue) {
        let place = entry(of: event, type: "function.call")
        for name in ["tool_call_id", "name", "confirmation_status"] {
            if let value = event[name], !value.isNull { outputs[place][name] = value }
        }
        let before = outputs[place]["arguments"]?.stringValue ?? ""
        outputs[place]["arguments"] = .string(before + (event["arguments"]?.stringValue ?? ""))
    }

    private mutating func begin(_ event: JSONValue, type: String) {
        let place = entry(of: event, type: type)
        for (name, value) in event.objectValue ?? [:] where name != "type" { outputs[place][name] = value }
    }

    private mutating func merge(_ event: JSONValue) {
        guard let place = places[event["id"]?.stringValue ?? ""] else { return }
        for (name, value) in event.objectValue ?? [:] where name != "type" { outputs[place][name] = value }
    }

    /// The entry that `event` belongs to: the one with its id, or a new one.
    private mutating func entry(of event: JSONValue, type: String) -> Int {
        let id = event["id"]?.stringValue ?? ""
        if let place = places[id] { return place }
        var fields: JSONObject = ["type": .string(type), "id": .string(id)]
        for name in ["model", "agent_id", "created_at"] {
            if let value = event[name], !value.isNull { fields[name] = value }
        }
        outputs.append(fields)
        places[id] = outputs.count - 1
        return outputs.count - 1
    }
}
