// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Replies of a chat completion server.
extension FakeReply {
    /// A whole answer of `text`.
    public static func completion(
        _ text: String, model: String = "fake", finishReason: String = "stop"
    ) -> FakeReply {
        .json(completionBody(message: ["role": "assistant", "content": .string(text)], finishReason, model: model))
    }

    /// A whole answer that asks for calls of `tools`.
    public static func completion(calls tools: [FakeCall], model: String = "fake") -> FakeReply {
        let calls = tools.enumerated().map { index, call in call.json(index: index) }
        return .json(
            completionBody(
                message: ["role": "assistant", "content": "", "tool_calls": .array(calls)], "tool_calls", model: model))
    }

    /// A streamed answer: an event for each piece, usage in the last one, then `[DONE]`.
    public static func stream(_ pieces: [String], lineEnding: String = "\n", model: String = "fake") -> FakeReply {
        var deltas: [JSONValue] = [["role": "assistant", "content": ""]]
        deltas += pieces.map { ["content": .string($0)] }
        return stream(deltas: deltas, finishReason: "stop", lineEnding: lineEnding, model: model)
    }

    /// A streamed answer that asks for calls, each whole in one delta or with its arguments cut into `pieces` parts.
    public static func stream(calls: [FakeCall], pieces: Int = 1, model: String = "fake") -> FakeReply {
        stream(deltas: callDeltas(calls, pieces: pieces), finishReason: "tool_calls", model: model)
    }

    /// A streamed answer of any deltas.
    public static func stream(
        deltas: [JSONValue], finishReason: String?, lineEnding: String = "\n", done: Bool = true, model: String = "fake"
    ) -> FakeReply {
        var events = deltas.enumerated().map { place, delta in
            let isLast = place == deltas.count - 1
            return event(delta, finishReason: isLast ? finishReason : nil, usage: isLast, model: model)
        }
        if done { events.append("[DONE]") }
        return eventStream(events, lineEnding: lineEnding)
    }

    /// A stream of events with these data.
    public static func events(_ data: [String], lineEnding: String = "\n") -> FakeReply {
        eventStream(data, lineEnding: lineEnding)
    }

    public static let eventStreamHeaders = [("content-type", "text/event-stream; charset=utf-8")]

    static func callDeltas(_ calls: [FakeCall], pieces: Int) -> [JSONValue] {
        calls.enumerated().flatMap { index, call -> [JSONValue] in
            if pieces < 2 { return [["tool_calls": [call.json(index: index)]]] }
            let opening = FakeCall(id: call.id, name: call.name, arguments: "").json(index: index)
            return [["tool_calls": [opening]]]
                + call.arguments.cut(into: pieces).map { piece in
                    ["tool_calls": [["index": .integer(Int64(index)), "function": ["arguments": .string(piece)]]]]
                }
        }
    }

    static func event(_ delta: JSONValue, finishReason: String?, usage: Bool, model: String) -> String {
        var body: JSONObject = [
            "id": "cmpl-fake", "object": "chat.completion.chunk", "created": 1_764_257_531, "model": .string(model),
            "choices": [
                ["index": 0, "delta": delta, "finish_reason": finishReason.map { .string($0) } ?? .null]
            ],
        ]
        if usage { body["usage"] = Self.usage }
        return (try? JSONValue.object(body).serialized()) ?? ""
    }

    static func completionBody(message: JSONValue, _ finishReason: String, model: String) -> JSONValue {
        [
            "id": "cmpl-fake", "object": "chat.completion", "created": 1_764_257_531, "model": .string(model),
            "choices": [["index": 0, "finish_reason": .string(finishReason), "message": message]], "usage": usage,
        ]
    }

    private static let usage: JSONValue = ["prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18]
}

/// A tool call that a fake model asks for.
public struct FakeCall: Sendable {
    public var id: String
    public var name: String
    public var arguments: String

    public init(id: String = "D681PevKs", name: String, arguments: String = "{}") {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    func json(index: Int) -> JSONValue {
        [
            "id": .string(id), "type": "function", "index": .integer(Int64(index)),
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
    }
}

extension FakeReply {
    private static func eventStream(_ data: [String], lineEnding: String) -> FakeReply {
        let events = data.map { text -> [UInt8] in Array("data: \(text)\(lineEnding)\(lineEnding)".utf8) }
        return .chunks(events, headers: eventStreamHeaders)
    }
}

extension String {
    fileprivate func cut(into pieces: Int) -> [String] {
        let size = Swift.max(1, (count + pieces - 1) / pieces)
        return stride(from: 0, to: count, by: size).map { String(dropFirst($0).prefix(size)) }
    }
}
