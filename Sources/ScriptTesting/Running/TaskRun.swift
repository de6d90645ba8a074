// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import LuaRuntime

/// A run that a test has made, as checks see it.
struct TaskRun: Sendable {
    /// Why a run ended without an answer.
    struct Failure: Sendable {
        /// The code of the ``RunError``; `denied`, `script`, `model` or `host` for what is none.
        var code: String
        var message: String
        var detail = ""
        var report: GuardrailReport?
    }

    /// Where the test made it.
    var position: String
    var task: String
    var text = ""
    var output: JSONValue?
    var usage = Usage()
    /// `nil` when it is not known.
    var cost: Dollars? = .zero
    var turns = 0
    var stopped: String?
    var finishReason: String?
    var calls: [ToolCallRecord] = []
    var messages: [Message] = []
    var guardrails: [GuardrailReport] = []
    var approvals: [ScriptedApprover.Asked] = []
    var failure: Failure?
    /// Whether the test has looked at the failure.
    var isFailureSeen = false
    var printed: [UInt8] = []
    var logs: [JSONValue] = []
    /// What a scripted model was asked.
    var requests: [JSONValue] = []
    /// What fakes of addresses were asked.
    var sent: [JSONValue] = []
    /// What faked programs, indexes and services were asked.
    var asked: [JSONValue] = []
    /// What fake files are left.
    var files: [(path: String, bytes: [UInt8])] = []

    /// Adds what an agent's run came to: the file's own, or one that its script started.
    mutating func add(_ result: RunResult) {
        text = result.text
        output = result.output
        usage += result.usage
        cost = cost.flatMap { sum in result.cost.map { sum + $0 } }
        turns += result.turns
        stopped = result.stopped?.rawValue
        finishReason = result.finishReason.rawValue
        calls += result.toolCalls
        messages = result.messages
        guardrails += result.guardrails
    }

    /// The same for a run that gave no answer: its calls are those behind the last prompt.
    mutating func add(_ error: RunError) {
        usage += error.usage
        messages = error.messages
        let last = messages[(messages.lastIndex { $0.role == .user } ?? messages.startIndex)...]
        turns += last.count { $0.role == .assistant }
        for call in last.flatMap(\.toolCalls) {
            let answer = last.first { $0.role == .tool && $0.toolCallID == call.id }
            calls.append(
                ToolCallRecord(
                    call: call,
                    result: ToolResult(
                        callID: call.id, name: call.name, content: answer?.text ?? "",
                        isError: answer?.isError ?? true)))
        }
        if let block = error.block { guardrails.append(block) }
    }

    /// The run as a test sees it.
    func value(id: Int) -> JSONValue {
        var fields: JSONObject = [
            "id": .integer(Int64(id)), "text": .string(text), "usage": usage.scriptValue(cost: cost),
            "tool_calls": .array(calls.map(\.scriptValue)), "messages": .array(messages.map(\.scriptValue)),
            "turns": .integer(Int64(turns)), "printed": .string(String(decoding: printed, as: UTF8.self)),
            "logs": .array(logs), "requests": .array(requests), "http": .array(sent), "asked": .array(asked),
            "guardrails": .array(guardrails.map { .object($0.scriptFields) }),
            "approvals": .array(
                approvals.map {
                    ["tool": .string($0.tool), "arguments": $0.arguments, "decision": .string($0.decision)]
                }),
        ]
        fields["output"] = output
        fields["stopped"] = stopped.map { .string($0) }
        fields["finish_reason"] = finishReason.map { .string($0) }
        if !files.isEmpty {
            fields["files"] = .object(
                JSONObject(files.map { ($0.path, .string(String(decoding: $0.bytes, as: UTF8.self))) }))
        }
        if let failure {
            var error: JSONObject = ["code": .string(failure.code), "message": .string(failure.message)]
            if let report = failure.report { error["guardrail"] = .object(report.scriptFields) }
            fields["error"] = .object(error)
        }
        return .object(fields)
    }
}

extension TaskRun.Failure {
    /// What `error`, thrown by a file or its agent, means for a test.
    init(_ error: any Error) {
        switch error {
        case let error as RunError:
            if error.code == .host, let cause = error.cause, !(cause is RunError) {
                self.init(cause)
            } else {
                self.init(code: error.code.rawValue, message: error.message, report: error.block)
            }
        case let error as ScriptError:
            let code = error.denial != nil ? "denied" : error.block != nil ? "guardrail" : "script"
            self.init(
                code: code, message: error.description, detail: error.error.traceback, report: error.block)
        case let error as DeniedError: self.init(code: "denied", message: error.description)
        case let error as ModelError: self.init(code: "model", message: error.description)
        case let error as JournalError: self.init(code: "tape", message: error.description)
        case is CancellationError: self.init(code: "cancelled", message: "the run was cancelled")
        default: self.init(code: "host", message: "\(error)")
        }
    }
}
