// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore

/// A run that was recorded: what `agent run --json` prints, or an event `done` or `error` of `--jsonl`.
public struct RecordedReply: Sendable {
    /// Where it was found, such as `runs.jsonl:7`.
    public var place: String
    /// The messages that it began with: those up to the last of the user.
    public var input: [Message]
    public var answer: Result<EvalAnswer, EvalFailure>

    /// - Returns: `nil` when `value` is no recorded run.
    public init?(_ value: JSONValue, place: String) {
        self.place = place
        let reply = value["reply"] ?? value
        let isError = value["type"]?.stringValue == "error"
        var messages: [Message] = []
        for message in reply["messages"]?.arrayValue ?? [] {
            guard let message = try? InputMessages.message(message, at: JSONPointer()) else { return nil }
            messages.append(message)
        }
        let last = messages.lastIndex { $0.role == .user && !$0.text.hasPrefix(OutputRepair.noteOpening) }
        input = last.map { Array(messages[...$0]) } ?? []
        let calls = messages.dropFirst(input.count).flatMap(\.toolCalls)
        if isError {
            answer = Self.ending(value, calls)
            return
        }
        guard let text = reply["text"]?.stringValue, !input.isEmpty else { return nil }
        if let stopped = reply["stopped"]?.stringValue {
            answer = .failure(
                EvalFailure(
                    stopped == "seconds" ? .timeout : .limit, "the run was stopped by its limit of \(stopped)"))
        } else {
            answer = .success(
                EvalAnswer(
                    text, output: reply["output"], toolCalls: calls,
                    usage: Self.usage(reply["usage"]),
                    cost: reply["usage"]?["cost"]?.doubleValue.flatMap { Dollars($0) }))
        }
    }

    private static func ending(_ value: JSONValue, _ calls: [ToolCall]) -> Result<EvalAnswer, EvalFailure> {
        let message = value["message"]?.stringValue ?? "no reason given"
        switch value["code"]?.stringValue {
        // One that could not judge says nothing of the answer.
        case "guardrail" where value["guardrail"]?["failed"] == true: return .failure(EvalFailure(.guardrail, message))
        case "guardrail": return .success(EvalAnswer(toolCalls: calls, blocked: message, cost: nil))
        case "output", "truncated": return .success(EvalAnswer(toolCalls: calls, invalid: message, cost: nil))
        case "approval": return .failure(EvalFailure(.approval, message))
        case "host", "configuration": return .failure(EvalFailure(.host, message))
        default: return .failure(EvalFailure(.model, message))
        }
    }

    private static func usage(_ value: JSONValue?) -> Usage {
        func count(_ key: String) -> Int { value?[key]?.integerValue.map { Int(clamping: $0) } ?? 0 }
        return Usage(
            promptTokens: count("prompt_tokens"), completionTokens: count("completion_tokens"),
            totalTokens: count("total_tokens"), cachedTokens: count("cached_tokens"))
    }

    /// What runs and cases are matched by: the user's words.
    package static func key(of messages: [Message]) -> [String] { messages.filter { $0.role == .user }.map(\.text) }
}

/// Runs that were recorded, in place of answers: no model is called.
public struct RecordedSubject: EvalSubject {
    public let name: String
    private var answers: [[String]: [RecordedReply]] = [:]

    public init(_ runs: [RecordedReply], name: String) {
        self.name = name
        for run in runs { answers[RecordedReply.key(of: run.input), default: []].append(run) }
    }

    /// How often `question` was asked in the recorded runs.
    public func count(of question: EvalCase) -> Int { answers[RecordedReply.key(of: question.input)]?.count ?? 0 }

    /// The runs that ask none of `cases`.
    public func unmatched(by cases: [EvalCase]) -> [RecordedReply] {
        let known = Set(cases.map { RecordedReply.key(of: $0.input) })
        return answers.filter { !known.contains($0.key) }.values.flatMap(\.self).sorted { $0.place < $1.place }
    }

    public func answer(_ question: EvalCase, trial: Int) async throws -> EvalAnswer {
        let runs = answers[RecordedReply.key(of: question.input)] ?? []
        guard runs.indices.contains(trial) else {
            throw EvalFailure(.notRecorded, "none of the recorded runs asks this")
        }
        return try runs[trial].answer.get()
    }
}
