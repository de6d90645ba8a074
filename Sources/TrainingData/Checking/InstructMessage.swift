// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A message of a conversation, read and checked by itself.
struct InstructMessage {
    enum Role: String { case system, user, assistant, tool }

    struct Call {
        var id: String?
        var name: String?
    }

    let role: Role
    private(set) var content: String?
    private(set) var calls: [Call] = []
    private(set) var callID: String?
    private(set) var weight: Double?

    private static let known: Set<String> = [
        "role", "content", "text", "tool_calls", "tool_call_id", "name", "weight",
    ]

    /// - Returns: `nil` when there is no telling what the message is.
    init?(_ value: JSONValue, at place: JSONPointer, isLast: Bool, _ list: inout FindingList) {
        guard let fields = value.objectValue else {
            list.error(place, expected: "a message { role, content }", found: value)
            return nil
        }
        guard let word = fields["role"] else {
            list.error(place, "a message without 'role'")
            return nil
        }
        guard let role = word.stringValue.flatMap(Role.init) else {
            let shown = word.stringValue.map { "'\($0)'" } ?? word.typeName
            list.error(place.appending("role"), "expected system, user, assistant or tool, found \(shown)")
            return nil
        }
        self.role = role
        for key in fields.keys where !Self.known.contains(key) {
            list.warn(place.appending(key), "the trainer does not read '\(key)'")
        }
        readContent(fields, place, &list)
        readCalls(fields, place, isLast, &list)
        if role == .assistant { checkAssistant(fields, place, &list) }
        if role == .tool { readCallID(fields, place, &list) }
    }

    private mutating func readContent(_ fields: JSONObject, _ place: JSONPointer, _ list: inout FindingList) {
        if fields["content"] != nil, fields["text"] != nil {
            list.error(place.appending("text"), "'content' and 'text' exclude each other")
        }
        let key = fields["content"] == nil && fields["text"] != nil ? "text" : "content"
        let value = fields[key].flatMap { $0.isNull ? nil : $0 }
        content = value?.stringValue
        if let value, content == nil {
            let isChunks = value.arrayValue != nil
            list.error(
                place.appending(key),
                "expected a string, found \(value.typeName)"
                    + (isChunks ? "; the trainer reads text alone, no chunks" : ""))
        }
        let hasCalls = fields["tool_calls"]?.isNull == false
        if value == nil, !(role == .assistant && hasCalls) {
            list.error(place, "a message of the \(role.rawValue) without text in 'content' or 'text'")
        } else if content?.isEmpty == true, role != .assistant {
            list.warn(place.appending(key), "an empty message")
        }
    }

    private mutating func readCalls(
        _ fields: JSONObject, _ place: JSONPointer, _ isLast: Bool, _ list: inout FindingList
    ) {
        guard let value = fields["tool_calls"], !value.isNull else { return }
        let place = place.appending("tool_calls")
        guard role == .assistant else {
            list.warn(place, "the trainer reads 'tool_calls' of the assistant alone")
            return
        }
        guard let values = value.arrayValue else {
            list.error(place, expected: "a list of calls", found: value)
            return
        }
        for (index, value) in values.enumerated() {
            calls.append(Self.call(value, place.appending(index), isLast, &list))
        }
    }

    private static func call(
        _ value: JSONValue, _ place: JSONPointer, _ isLast: Bool, _ list: inout FindingList
    ) -> Call {
        guard let function = value["function"]?.objectValue else {
            list.error(place, "expected a call { id, function: { name, arguments } }")
            return Call()
        }
        let id = value["id"].flatMap { $0.isNull || $0 == "null" ? nil : $0 }
        if id == nil, !isLast {
            list.error(place, "a call without id; only calls of the last message may lack one")
        } else if let id, id.stringValue?.isCallID != true {
            list.error(place.appending("id"), "expected 9 of a-z, A-Z, 0-9, found \(shown(id))")
        }
        let place = place.appending("function")
        if function["name"]?.stringValue?.isFunctionName != true {
            list.error(
                place.appending("name"), "expected 1 to 64 of a-z, A-Z, 0-9, _ and -, found \(shown(function["name"]))")
        }
        check(arguments: function["arguments"], place.appending("arguments"), &list)
        return Call(id: id?.stringValue, name: function["name"]?.stringValue)
    }

    private static func check(arguments: JSONValue?, _ place: JSONPointer, _ list: inout FindingList) {
        guard let text = arguments?.stringValue else {
            list.error(place, "expected a string of JSON, found \(arguments?.typeName ?? "nothing")")
            return
        }
        if (try? JSONValue(parsing: text))?.objectValue == nil { list.warn(place, "not the JSON of an object") }
    }

    private mutating func checkAssistant(_ fields: JSONObject, _ place: JSONPointer, _ list: inout FindingList) {
        if content?.isEmpty == false, !calls.isEmpty {
            list.error(place, "a message of the assistant with both text and tool_calls; split it or drop the text")
        }
        // A call list that could not be read has been told of.
        let isCallList = fields["tool_calls"].map { $0.isNull || $0.arrayValue != nil } ?? true
        if (content ?? "").isEmpty, calls.isEmpty, isCallList, content != nil || fields["tool_calls"]?.arrayValue != nil
        {
            list.error(place, "a message of the assistant with neither text nor tool_calls")
        }
        if let value = fields["weight"], !value.isNull {
            weight = value.doubleValue
            if weight != 0 && weight != 1 {
                list.error(place.appending("weight"), "expected 0 or 1, found \(Self.shown(value))")
            }
        }
    }

    private mutating func readCallID(_ fields: JSONObject, _ place: JSONPointer, _ list: inout FindingList) {
        callID = fields["tool_call_id"]?.stringValue
        if callID?.isCallID != true {
            list.error(
                place.appending("tool_call_id"),
                "expected 9 of a-z, A-Z, 0-9, found \(Self.shown(fields["tool_call_id"]))")
        }
        if let name = fields["name"], !name.isNull, name.stringValue?.isFunctionName != true {
            list.error(place.appending("name"), "expected 1 to 64 of a-z, A-Z, 0-9, _ and -, found \(Self.shown(name))")
        }
    }

    /// A short value as it is, so that its fault can be seen; of a long one its type.
    private static func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        guard let text = try? value.serialized(), text.utf8.count <= 80 else { return value.typeName }
        return text
    }
}
