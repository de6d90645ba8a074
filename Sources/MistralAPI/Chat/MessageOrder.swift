// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Brings a conversation into the order that the Mistral API takes (errors 3230, 3240 and 3280).
///
/// Repaired is what has one meaning only:
/// - an assistant message without content and calls is dropped;
/// - `prefix` is cleared on every message but the last;
/// - ids of calls become nine letters or digits, the same in call and result;
/// - a result without an id gets that of the one call it can belong to;
/// - names of functions that were called but cannot exist lose their foreign characters;
/// - between a result and a user message comes an assistant message "Done.", since the API takes no user turn there.
///
/// Anything else is refused, with the index of the message.
public struct MessageOrder {
    /// What stands between a tool message and a user message.
    static let filler = "Done."

    private struct OpenCall {
        let rawID: String
        let wireID: String
        let name: String
        var isAnswered = false
    }

    private var ids: ToolCallIDMap
    private var repaired: [Message] = []
    private var open: [OpenCall] = []

    /// - Throws: ``ModelError/Code/invalidRequest``, which names the message: `messages[3]: …`.
    public static func repaired(_ messages: [Message]) throws(ModelError) -> [Message] {
        var order = MessageOrder(ids: ToolCallIDMap(reserving: messages))
        order.repaired.reserveCapacity(messages.count + 1)
        for (index, message) in messages.enumerated() {
            try order.take(message, at: index, isLast: index == messages.count - 1)
        }
        try order.finish(count: messages.count)
        return order.repaired
    }

    private init(ids: ToolCallIDMap) { self.ids = ids }

    private mutating func take(_ message: Message, at index: Int, isLast: Bool) throws(ModelError) {
        if message.role != .tool, let call = open.first(where: { !$0.isAnswered }) {
            throw refusal(index, "expected the result of the call of '\(call.name)', found a \(message.role) message")
        }
        switch message.role {
        case .system: try takeSystem(message, at: index)
        case .user:
            if repaired.last?.role == .tool { repaired.append(.assistant(Self.filler)) }
            repaired.append(message)
        case .assistant: takeAssistant(message, at: index, isLast: isLast)
        case .tool: try takeResult(message, at: index)
        }
    }

    private mutating func takeSystem(_ message: Message, at index: Int) throws(ModelError) {
        if let before = repaired.last?.role, before == .assistant || before == .tool {
            throw refusal(index, "a system message must not follow an \(before) message")
        }
        repaired.append(message)
    }

    private mutating func takeAssistant(_ message: Message, at index: Int, isLast: Bool) {
        var message = message
        message.prefix = message.prefix && isLast
        let isEmpty = message.content.allSatisfy { if case .text(let text) = $0 { text.isEmpty } else { false } }
        if isEmpty, message.toolCalls.isEmpty { return }
        var calls: [OpenCall] = []
        for (place, call) in message.toolCalls.enumerated() {
            // Of several calls with one id, and of calls without one, each gets an id of its own.
            let twins = calls.count { $0.rawID == call.id }
            let isMissing = ToolCallIDMap.isMissing(call.id)
            let key = isMissing ? "missing \(index) \(place)" : twins > 0 ? "\(call.id) \(index) \(twins)" : call.id
            let open = OpenCall(rawID: call.id, wireID: ids[key], name: FunctionName.repaired(call.name))
            calls.append(open)
            message.toolCalls[place].id = open.wireID
            message.toolCalls[place].name = open.name
        }
        open = calls
        repaired.append(message)
    }

    private mutating func takeResult(_ message: Message, at index: Int) throws(ModelError) {
        guard let before = repaired.last?.role, before == .assistant || before == .tool, !open.isEmpty else {
            throw refusal(index, "a tool message must follow the assistant message with the call that it answers")
        }
        guard let place = placeOfCall(answeredBy: message) else {
            throw refusal(index, "a tool message with an id that no unanswered call before it has")
        }
        open[place].isAnswered = true
        var message = message
        message.toolCallID = open[place].wireID
        message.name = message.name.map(FunctionName.repaired)
        repaired.append(message)
    }

    private func placeOfCall(answeredBy result: Message) -> Int? {
        let waiting = open.indices.filter { !open[$0].isAnswered }
        let id = result.toolCallID ?? ""
        guard ToolCallIDMap.isMissing(id) else { return waiting.first { open[$0].rawID == id } }
        let unnamed = waiting.filter { ToolCallIDMap.isMissing(open[$0].rawID) }
        return unnamed.first ?? (waiting.count == 1 ? waiting.first : nil)
    }

    private func finish(count: Int) throws(ModelError) {
        guard let last = repaired.last else {
            throw ModelError(.invalidRequest, "messages: the conversation must have at least one message")
        }
        if let call = open.first(where: { !$0.isAnswered }) {
            throw refusal(count - 1, "the conversation ends before the result of the call of '\(call.name)'")
        }
        if last.role == .assistant, !last.prefix {
            throw refusal(
                count - 1, "the last message must be a user or tool message, or an assistant message with prefix")
        }
        if repaired.count == 1, last.role != .user, last.role != .system {
            throw refusal(0, "the conversation must start with a user or system message")
        }
    }

    private func refusal(_ index: Int, _ what: String) -> ModelError {
        ModelError(.invalidRequest, "messages[\(index)]: \(what)")
    }
}
