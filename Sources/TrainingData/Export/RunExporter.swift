// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Makes lines of training data of recorded runs: the objects that `agent run --json` prints.
public struct RunExporter: Sendable {
    /// Why a run cannot become a line.
    public struct Reason: Error, Sendable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }

        /// The run could not be read.
        public init(notJSON message: String) { description = "not JSON: \(message)" }
    }

    /// Adds `only_last`, so that the last answer alone is learned.
    public var onlyLast = false
    /// Keeps the system messages of the run, as one; without it there are none.
    public var keepsSystem = false
    /// A system message in place of any of the run: the instructions of an agent are not part of its recorded messages.
    public var system: String?

    public init() {}

    /// - Parameter run: a reply, or an event `{ "type": "done", "reply": … }` of `--jsonl`.
    /// - Returns: a line that ``DatasetChecker`` finds no error in.
    /// - Throws: ``Reason``.
    public func line(of run: JSONValue) throws(Reason) -> JSONObject {
        let reply = run["type"] == "done" ? run["reply"] ?? run : run
        if let stopped = reply["stopped"]?.stringValue {
            throw Reason("the run was stopped by its limit of \(stopped)")
        }
        if let finish = reply["finish_reason"]?.stringValue, ["length", "model_length", "error"].contains(finish) {
            throw Reason("the answer was not finished (finish_reason \(finish))")
        }
        if run["type"] == "error" {
            throw Reason("the run failed: \(run["message"]?.stringValue ?? "no reason given")")
        }
        guard let recorded = reply["messages"]?.arrayValue else {
            throw Reason("no recorded run: expected an object with 'messages', as agent run --json prints it")
        }
        var line: JSONObject = ["messages": .array(try messages(recorded))]
        if let tools = reply["tools"], tools.arrayValue?.isEmpty == false { line["tools"] = tools }
        if onlyLast { line["only_last"] = true }
        if let fault = InstructLine(line).list.findings.first(where: { $0.severity == .error }) {
            throw Reason("\(fault.pointer): \(fault.message)")
        }
        return line
    }

    private func messages(_ recorded: [JSONValue]) throws(Reason) -> [JSONValue] {
        var ids = CallIDs()
        var systems: [String] = []
        var messages: [JSONValue] = []
        for (index, value) in recorded.enumerated() {
            guard let message = value.objectValue else { throw Reason("/messages/\(index): expected a message") }
            let text = try text(message["content"], place: "/messages/\(index)/content")
            switch message["role"]?.stringValue {
            case "system": systems.append(text)
            case "user": messages.append(["role": "user", "content": .string(text)])
            case "assistant":
                if let answer = Self.answer(message, text, &ids) { messages.append(answer) }
            case "tool":
                let id = ids.known(message["tool_call_id"]?.stringValue ?? "")
                messages.append(["role": "tool", "tool_call_id": .string(id), "content": .string(text)])
            default: throw Reason("/messages/\(index)/role: expected system, user, assistant or tool")
            }
        }
        let prompt = system ?? (keepsSystem && !systems.isEmpty ? systems.joined(separator: "\n\n") : nil)
        return (prompt.map { [["role": "system", "content": .string($0)]] } ?? []) + messages
    }

    /// The text of a message: what a model thought is left out, what is no text cannot be learned.
    private func text(_ content: JSONValue?, place: String) throws(Reason) -> String {
        switch content {
        case nil, .null: return ""
        case .string(let text): return text
        case .array(let chunks):
            var text = ""
            for chunk in chunks where chunk["type"] != "thinking" {
                guard chunk["type"] == "text", let piece = chunk["text"]?.stringValue else {
                    throw Reason("\(place): has a chunk that is not text (\(chunk["type"]?.stringValue ?? "unknown"))")
                }
                text += piece
            }
            return text
        case .some(let other): throw Reason("\(place): expected a string or a list of chunks, found \(other.typeName)")
        }
    }

    /// A message of the assistant has calls or text: beside calls the text goes. Without either there is no message.
    private static func answer(_ message: JSONObject, _ text: String, _ ids: inout CallIDs) -> JSONValue? {
        let calls = message["tool_calls"]?.arrayValue ?? []
        if calls.isEmpty { return text.isEmpty ? nil : ["role": "assistant", "content": .string(text)] }
        let written = calls.map { call -> JSONValue in
            let function = call["function"] ?? call
            let arguments = function["arguments"]
            let shown = arguments?.stringValue ?? (try? arguments?.serialized()) ?? "{}"
            return [
                "id": .string(ids.new(call["id"]?.stringValue ?? "")), "type": "function",
                "function": [
                    "name": function["name"] ?? "", "arguments": .string(shown.isEmpty ? "{}" : shown),
                ],
            ]
        }
        return ["role": "assistant", "content": "", "tool_calls": .array(written)]
    }
}

/// The ids of calls in a line: those that the trainer takes stay, the others are numbered.
private struct CallIDs {
    private var used: Set<String> = []
    private var latest: [String: String] = [:]
    private var count = 0

    /// The id of a call that had `id`.
    mutating func new(_ id: String) -> String {
        var fresh = id
        while !fresh.isCallID || used.contains(fresh) {
            count += 1
            let digits = String(count)
            fresh = "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        used.insert(fresh)
        latest[id] = fresh
        return fresh
    }

    /// The id that a result of the call `id` must have. An unknown one stays, and is found wanting.
    func known(_ id: String) -> String { latest[id] ?? id }
}
