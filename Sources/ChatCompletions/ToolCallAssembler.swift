// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Puts tool calls together that come whole or in fragments.
///
/// A fragment belongs to the call of its `index`. One that brings an id of its own begins a new call even under a used
/// index, since some servers number every whole call 0.
struct ToolCallAssembler: Sendable {
    private struct Entry: Sendable {
        var index: Int64?
        var call: ToolCall
    }

    private var entries: [Entry] = []

    var calls: [ToolCall] { entries.map(\.call) }
    var isEmpty: Bool { entries.isEmpty }

    /// Takes the `tool_calls` of a message or a delta; anything that is not a list of objects counts as none.
    mutating func receive(_ value: JSONValue?) {
        guard case .array(let fragments)? = value else { return }
        for case .object(let fragment) in fragments { receive(fragment) }
    }

    /// Takes the `tool_calls` of a message that came whole: each is a call of its own, whatever its index and id.
    mutating func receiveWhole(_ value: JSONValue?) {
        guard case .array(let calls)? = value else { return }
        for case .object(let call) in calls {
            let function = call["function"]?.objectValue ?? [:]
            let name = function["name"]?.stringValue ?? ""
            let arguments = Self.text(of: function["arguments"])
            entries.append(
                Entry(index: nil, call: ToolCall(id: Self.id(of: call), name: name, arguments: arguments)))
        }
    }

    private mutating func receive(_ fragment: JSONObject) {
        let index = fragment["index"]?.integerValue
        let id = Self.id(of: fragment)
        let function = fragment["function"]?.objectValue ?? [:]
        let name = function["name"]?.stringValue ?? ""
        let arguments = Self.text(of: function["arguments"])
        guard let place = place(index: index, id: id, name: name) else {
            entries.append(Entry(index: index, call: ToolCall(id: id, name: name, arguments: arguments)))
            return
        }
        if entries[place].call.id.isEmpty { entries[place].call.id = id }
        // A name is repeated by some servers and never cut by any that was seen.
        if entries[place].call.name.isEmpty { entries[place].call.name = name }
        entries[place].call.arguments += arguments
    }

    /// The call that a fragment goes on with; `nil` when it begins one.
    private func place(index: Int64?, id: String, name: String) -> Int? {
        let found = index.map { index in entries.lastIndex { $0.index == index } } ?? entries.indices.last
        guard let found else { return nil }
        let call = entries[found].call
        if !id.isEmpty, !call.id.isEmpty { return id == call.id ? found : nil }
        // Without an index, a name begins a call: fragments that follow have none.
        if index == nil, !name.isEmpty, !call.name.isEmpty { return nil }
        return found
    }

    /// `"null"` is what the official SDK fills in for an id that did not come.
    private static func id(of fragment: JSONObject) -> String {
        let id = fragment["id"]?.stringValue ?? ""
        return id == "null" ? "" : id
    }

    /// Arguments are a string of JSON, or the object itself.
    private static func text(of arguments: JSONValue?) -> String {
        switch arguments {
        case nil, .null: ""
        case .string(let text): text
        case let value?: (try? value.serialized()) ?? ""
        }
    }
}
