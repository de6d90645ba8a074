// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Reads the engine's JSON piece by piece: passes on the text of an answer while it is written, and gives the whole
/// reply in the end.
struct FormDecoder: Sendable {
    enum Reply: Equatable, Sendable {
        case text(String)
        case value(JSONValue)
        case calls([(name: String, arguments: JSONValue)])

        static func == (left: Reply, right: Reply) -> Bool {
            switch (left, right) {
            case (.text(let a), .text(let b)): a == b
            case (.value(let a), .value(let b)): a == b
            case (.calls(let a), .calls(let b)):
                a.elementsEqual(b) { $0.name == $1.name && $0.arguments == $1.arguments }
            default: false
            }
        }
    }

    private let answerName: String
    /// Whether the answer is a value, whose JSON is passed on as it is written, or a string, whose text is.
    private let isValue: Bool
    private let head: [[UInt8]]
    private var buffer: [UInt8] = []
    /// Behind the tokens of the head that matched and the text that was passed on.
    private var position = 0
    /// Tokens of the head that matched; `nil` once this is known to be no text answer.
    private var matched: Int? = 0
    /// The first half of a surrogate pair.
    private var high: UInt32?
    private var ended = false
    private var end = JSONValueEnd()

    /// - Parameter key: `text` for an answer in words, `value` for structured output.
    init(answerName: String, key: String = "text") {
        self.answerName = answerName
        isValue = key == "value"
        let name = ToolSignature.compact(.string(answerName))
        let tokens = ["[", "{", "\"tool\"", ":", name, ",", "\"arguments\"", ":", "{", "\"\(key)\"", ":"]
        head = (isValue ? tokens : tokens + ["\""]).map { Array($0.utf8) }
    }

    /// - Returns: the next piece of the answer's text; empty while there is none.
    mutating func feed(_ piece: String) -> String {
        buffer += piece.utf8
        while let place = matched, place < head.count {
            while position < buffer.count, [0x20, 0x09, 0x0A, 0x0D].contains(buffer[position]) { position += 1 }
            let token = head[place]
            let seen = buffer[position...].prefix(token.count)
            if seen.elementsEqual(token) {
                position += token.count
                matched = place + 1
            } else if token.starts(with: seen) {
                return ""
            } else {
                matched = nil
            }
        }
        if matched == nil || ended { return "" }
        return isValue ? value() : text()
    }

    /// The JSON from `position` on, up to the value's end.
    private mutating func value() -> String {
        let start = position
        while position < buffer.count, !ended {
            ended = end.isBehind(buffer[position])
            if !ended { position += 1 }
        }
        return String(decoding: buffer[start..<position], as: UTF8.self)
    }

    /// - Throws: ``ModelError`` with ``ModelError/Code/invalidResponse`` when the JSON was cut off or is not of the form.
    func finish() throws -> Reply {
        guard let items = try? JSONValue(parsing: buffer).arrayValue, let first = items.first else {
            throw ModelError(.invalidResponse, "the local model's reply was cut off inside its JSON; raise max_tokens")
        }
        if first["tool"]?.stringValue == answerName {
            if let text = first["arguments"]?["text"]?.stringValue { return .text(text) }
            if let value = first["arguments"]?["value"] { return .value(value) }
        }
        var calls: [(name: String, arguments: JSONValue)] = []
        for item in items {
            guard let name = item["tool"]?.stringValue else {
                throw ModelError(.invalidResponse, "the local model's reply holds neither an answer nor a call")
            }
            let call = (name: name, arguments: item["arguments"] ?? .object([:]))
            // Small models repeat themselves.
            if !calls.contains(where: { $0.name == call.name && $0.arguments == call.arguments }) { calls.append(call) }
        }
        return .calls(calls)
    }

    /// The text from `position` on, up to the string's end or to an escape that is not all there.
    private mutating func text() -> String {
        var out: [UInt8] = []
        while position < buffer.count, !ended {
            switch buffer[position] {
            case UInt8(ascii: "\""): ended = true
            case UInt8(ascii: "\\"): if !escape(into: &out) { return String(decoding: out, as: UTF8.self) }
            default:
                out.append(buffer[position])
                position += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// - Returns: whether the whole escape was there.
    private mutating func escape(into out: inout [UInt8]) -> Bool {
        guard position + 1 < buffer.count else { return false }
        let kind = buffer[position + 1]
        guard kind == UInt8(ascii: "u") else {
            let plain: [UInt8: UInt8] = [0x6E: 0x0A, 0x74: 0x09, 0x72: 0x0D, 0x62: 0x08, 0x66: 0x0C]
            out.append(plain[kind] ?? kind)
            position += 2
            return true
        }
        guard position + 6 <= buffer.count else { return false }
        let digits = String(decoding: buffer[(position + 2)..<(position + 6)], as: UTF8.self)
        position += 6
        add(UInt32(digits, radix: 16) ?? 0xFFFD, to: &out)
        return true
    }

    private mutating func add(_ unit: UInt32, to out: inout [UInt8]) {
        if (0xD800..<0xDC00).contains(unit) {
            high = unit
            return
        }
        var value = unit
        if let first = high, (0xDC00..<0xE000).contains(unit) {
            value = 0x10000 + ((first - 0xD800) << 10) + unit - 0xDC00
        }
        high = nil
        out += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
    }
}

/// Finds the end of the one value in a member's place, byte by byte: the bracket of the object around it.
private struct JSONValueEnd: Sendable {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func isBehind(_ byte: UInt8) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            return depth < 0
        default: break
        }
        return false
    }
}
