// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Marks of chat templates inside of messages: `<|im_start|>`, `</s>`, `[INST]`.
///
/// llama-server reads them in a message as it reads its own (checked by counting tokens): whoever writes a message, or the
/// result of a tool, could end it and open one of the system. A space inside makes them text again, which reads the same.
enum TemplateMarks {
    /// Of model families without `<|…|>`.
    private static let words = [
        "<s>", "</s>", "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]",
        "[/AVAILABLE_TOOLS]",
        "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>",
        "<unk>", "<pad>",
    ].map { Array($0.utf8) }
    /// Names between the bars are shorter.
    private static let longestName = 64

    /// `text` with a space behind the first character of each mark.
    static func broken(in text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: opens) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            result.append(byte)
            if opens(byte), begins(bytes[place...]) { result.append(UInt8(ascii: " ")) }
        }
        return result.count == bytes.count ? text : String(decoding: result, as: UTF8.self)
    }

    private static func opens(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "<") || byte == UInt8(ascii: "[") }

    private static func begins(_ rest: ArraySlice<UInt8>) -> Bool {
        if rest.starts(with: "<|".utf8) {
            let name = rest.dropFirst(2).prefix(longestName).prefix { $0 != UInt8(ascii: "|") && $0 > 0x20 }
            return rest[name.endIndex...].starts(with: "|>".utf8)
        }
        return words.contains { rest.starts(with: $0) }
    }
}

extension Message {
    /// The message, whose text cannot be taken for the borders of messages.
    func breakingTemplateMarks() -> Message {
        var copy = self
        copy.content = content.map { part in
            guard case .text(let text) = part else { return part }
            return .text(TemplateMarks.broken(in: text))
        }
        return copy
    }
}
