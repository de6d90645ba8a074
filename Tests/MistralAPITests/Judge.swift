// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// The rules of the hosted API and of all generations of the open-source validator, written down once more.
enum Judge {
    static func complaint(about messages: [Message]) -> String? {
        guard let last = messages.last else { return "no message" }
        if messages.count == 1, last.role != .user, last.role != .system { return "starts with \(last.role)" }
        var before: Message.Role?
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            if !mayFollow(message.role, before) { return "\(message.role) after \(String(describing: before))" }
            if message.role != .tool, !open.isEmpty { return "missing results" }
            if message.prefix, index < messages.count - 1 { return "prefix in the middle" }
            switch message.role {
            case .assistant:
                if message.content.isEmpty, message.toolCalls.isEmpty { return "empty assistant" }
                open = message.toolCalls.map(\.id)
                if Set(open).count != open.count { return "duplicate ids" }
                if !open.allSatisfy(isID) { return "bad id" }
                if !message.toolCalls.allSatisfy({ isName($0.name) }) { return "bad name" }
            case .tool:
                guard let place = open.firstIndex(of: message.toolCallID ?? "") else { return "unexpected result" }
                open.remove(at: place)
                if let name = message.name, !isName(name) { return "bad name of a result" }
            case .system, .user: break
            }
            before = message.role
        }
        if !open.isEmpty { return "missing results at the end" }
        return last.role == .assistant && !last.prefix ? "ends with an assistant" : nil
    }

    private static func mayFollow(_ role: Message.Role, _ before: Message.Role?) -> Bool {
        switch role {
        case .system: before != .assistant && before != .tool
        case .user: before != .tool
        case .assistant: true
        case .tool: before == .assistant || before == .tool
        }
    }

    private static func isID(_ id: String) -> Bool {
        id.utf8.count == 9 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
    }
}
