// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension Message {
    func redacted(by secrets: SecretRedactor) -> Message {
        var copy = self
        copy.content = content.map { part in
            switch part {
            case .text(let text): .text(secrets.redact(text))
            case .thinking(let text, let raw): .thinking(secrets.redact(text), raw: raw.map { secrets.redact($0) })
            case .raw(let value): .raw(secrets.redact(value))
            }
        }
        copy.toolCalls = toolCalls.map { $0.redacted(by: secrets) }
        return copy
    }
}

extension ToolCall {
    func redacted(by secrets: SecretRedactor) -> ToolCall {
        ToolCall(id: id, name: secrets.redact(name), arguments: secrets.redact(arguments))
    }
}

extension ToolResult {
    func redacted(by secrets: SecretRedactor) -> ToolResult {
        ToolResult(
            callID: callID, name: secrets.redact(name), content: secrets.redact(content), isError: isError)
    }
}
