// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A line of conversations, held to the rules of the open-source trainer (mistral-finetune) and the validator that it calls
/// (mistral-common, tokenizer v3, fine-tuning mode).
struct InstructLine {
    private(set) var list = FindingList()
    private(set) var counts = DatasetCounts()
    private let line: JSONObject
    private var toolNames: Set<String>?

    init(_ line: JSONObject) {
        self.line = line
        checkTools()
        guard let (key, messages) = conversation() else { return }
        checkSystemPrompt(messages, key)
        checkOptions()
        var read: [(place: JSONPointer, message: InstructMessage)] = []
        for (index, value) in messages.enumerated() {
            let place = JSONPointer(tokens: [key, String(index)])
            if let message = InstructMessage(value, at: place, isLast: index == messages.count - 1, &list) {
                read.append((place, message))
            }
        }
        // Of a message that could not be read nothing more can be said, nor of the order around it.
        guard read.count == messages.count else { return }
        count(read.map(\.message))
        checkCalls(read)
        ConversationOrder.check(read, line: JSONPointer(tokens: [key]), &list)
    }

    // MARK: - The conversation

    private mutating func conversation() -> (String, [JSONValue])? {
        let keys = ["messages", "interactions"].filter { line[$0] != nil }
        guard let key = keys.first else {
            let pair = line["prompt"] != nil || line["completion"] != nil || line["instruction"] != nil
            list.error(
                JSONPointer(),
                "expected 'messages', a list of { role, content }"
                    + (pair ? "; a prompt and its completion are two messages, of the user and the assistant" : ""))
            return nil
        }
        if keys.count == 2 {
            list.error(JSONPointer(tokens: ["interactions"]), "'messages' and 'interactions' exclude each other")
        }
        guard let messages = line[key]?.arrayValue else {
            list.error(JSONPointer(tokens: [key]), expected: "a list of messages", found: line[key])
            return nil
        }
        if messages.isEmpty { list.error(JSONPointer(tokens: [key]), "expected at least one message, found none") }
        return messages.isEmpty ? nil : (key, messages)
    }

    private mutating func checkSystemPrompt(_ messages: [JSONValue], _ key: String) {
        let prompt = line["system_prompt"].flatMap { $0.isNull ? nil : $0 }
        if let prompt, prompt.stringValue == nil {
            list.error(JSONPointer(tokens: ["system_prompt"]), expected: "a string", found: prompt)
        }
        let systems = messages.indices.filter { messages[$0]["role"] == "system" }
        for index in prompt == nil ? systems.dropFirst() : systems[...] {
            list.error(
                JSONPointer(tokens: [key, String(index)]),
                prompt == nil
                    ? "a second system message; only one is allowed"
                    : "a system message beside 'system_prompt'; only one is allowed")
        }
    }

    private mutating func checkOptions() {
        if let flag = line["only_last"], flag.boolValue == nil {
            list.warn(JSONPointer(tokens: ["only_last"]), "expected true or false, found \(flag.typeName)")
        }
    }

    private mutating func count(_ messages: [InstructMessage]) {
        counts.messages = messages.count
        counts.assistantMessages = messages.count { $0.role == .assistant }
        counts.toolCalls = messages.reduce(0) { $0 + $1.calls.count }
        counts.linesWithTools = toolNames == nil ? 0 : 1
        counts.linesWithSystem =
            messages.contains { $0.role == .system } || line["system_prompt"]?.stringValue != nil ? 1 : 0
        // With tools or only_last, the trainer learns from the last answer alone.
        let lastOnly = toolNames != nil || line["only_last"] == true
        let answers = messages.filter { $0.role == .assistant }
        counts.trainedMessages = (lastOnly ? answers.suffix(1) : answers[...]).count { $0.weight != 0 }
        if counts.trainedMessages == 0, counts.assistantMessages > 0 {
            list.warn(JSONPointer(), "nothing of this line is trained on: the answers have the weight 0")
        }
    }

    // MARK: - Tools

    private mutating func checkTools() {
        let keys = ["tools", "available_tools"].filter { line[$0] != nil }
        if keys.count == 2 {
            list.error(JSONPointer(tokens: ["available_tools"]), "'tools' and 'available_tools' exclude each other")
        }
        guard let key = keys.first(where: { line[$0]?.isNull == false }) else { return }
        guard let tools = line[key]?.arrayValue else {
            list.error(JSONPointer(tokens: [key]), expected: "a list of tools", found: line[key])
            return
        }
        if tools.isEmpty { return }
        var names: Set<String> = []
        for (index, tool) in tools.enumerated() {
            ToolDescription.check(tool, at: JSONPointer(tokens: [key, String(index)]), names: &names, &list)
        }
        toolNames = names
    }

    private mutating func checkCalls(_ messages: [(place: JSONPointer, message: InstructMessage)]) {
        var known: Set<String> = []
        for (place, message) in messages {
            for (index, call) in message.calls.enumerated() {
                let place = place.appending("tool_calls").appending(index)
                if toolNames == nil {
                    list.warn(place, "a call, and the line has no 'tools'")
                } else if let name = call.name, toolNames?.contains(name) == false {
                    list.warn(
                        place.appending("function").appending("name"), "no tool of this line has the name '\(name)'")
                }
                if let id = call.id, !known.insert(id).inserted {
                    list.warn(place.appending("id"), "an id that an earlier call has")
                }
            }
            if message.role == .tool, let id = message.callID, !known.contains(id) {
                list.warn(place.appending("tool_call_id"), "no call before has this id")
            }
        }
    }
}
