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
    private(set) var isDone = false
    private(set) var text = ""

    init(service: String) { self.service = service }

    /// - Returns: the text that `bytes` completes.
    /// - Throws: ``ModelError``: what an error event says, or ``ModelError/Code/invalidResponse``.
    mutating func receive(_ bytes: [UInt8]) throws -> [String] {
        try decoder.decode(bytes).compactMap { try receive($0) }
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
            conversationID: conversationID, outputs: outputs.map { .object($0) }, usage: usage)
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
        switch type {
        case "conversation.response.started": conversationID = value["conversation_id"]?.stringValue ?? ""
        case "conversation.response.done":
            usage = value["usage"]
            isDone = true
        case "message.output.delta": return append(text: value)
        case "function.call.delta": append(call: value)
        case "tool.execution.started", "agent.handoff.started": begin(value, type: String(type.dropLast(8)))
        case "tool.execution.delta", "tool.execution.done", "agent.handoff.done": merge(value)
        default: break
        }
        return nil
    }

    private mutating func append(text event: JSONValue) -> String? {
        let more = ConversationTurn.text(ofContent: event["content"])
        let place = entry(of: event, type: "message.output")
        let before = outputs[place]["content"]?.stringValue ?? ""
        outputs[place]["content"] = .string(before + more)
        text += more
        return more.isEmpty ? nil : more
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
