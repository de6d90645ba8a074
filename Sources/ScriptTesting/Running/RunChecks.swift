// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Evaluation
import JSONCore
import LuaAgents

/// Holds a run to what a test expects of it.
struct RunChecks: Sendable {
    let run: TaskRun

    /// What is wrong, in one sentence; `nil` when nothing is.
    func fault(_ request: DoorRequest) throws -> String? {
        switch request.operation {
        case "test.calls":
            guard let order = ToolTrajectory.Order(rawValue: try request.string(1, "order")) else {
                throw Misuse("t:calls: unknown order")
            }
            return path(order, try request.json(2))
        case "test.called": return called(try request.string(1, "name"), try request.json(2))
        case "test.not_called": return notCalled(try request.string(1, "name"))
        case "test.approved": return decided(try request.string(1, "decision"), try request.string(2, "tool"))
        case "test.finished": return finished
        case "test.stopped": return stopped(try request.json(1).stringValue)
        case "test.failed": return failed(try request.json(1).stringValue, try request.json(2).stringValue)
        case "test.usage": return try usage(try request.json(1))
        default: throw Misuse("'\(request.operation)' is not an operation")
        }
    }

    private var made: [ToolCall] { run.calls.map(\.call) }

    private var madeNames: String {
        run.calls.isEmpty ? "nothing was called" : "called: " + made.map(\.name).joined(separator: ", ")
    }

    // MARK: - Calls

    private func path(_ order: ToolTrajectory.Order, _ wanted: JSONValue) -> String? {
        let calls = (wanted.arrayValue ?? []).map { call in
            ToolTrajectory.Call(
                call["name"]?.stringValue ?? "", arguments: call["arguments"].map { Optional($0).asArguments })
        }
        return ToolTrajectory(calls, order: order).fault(in: made)
    }

    private func called(_ name: String, _ arguments: JSONValue) -> String? {
        let wanted = arguments.isNull ? nil : Optional(arguments).asArguments
        let trajectory = ToolTrajectory([.init(name, arguments: wanted)], order: .any)
        guard trajectory.fault(in: made) != nil else { return nil }
        let same = made.filter { $0.name == name }
        guard let wanted, !same.isEmpty else { return "expected a call of \(name); \(madeNames)" }
        let found = same.map { (try? JSONValue(parsing: $0.arguments)) ?? .string($0.arguments) }
        let nearest = found.max {
            $0.cut(to: wanted).leaves(sharedWith: wanted) < $1.cut(to: wanted).leaves(sharedWith: wanted)
        }
        let difference = nearest.flatMap { Shown.difference(found: $0.cut(to: wanted), expected: wanted) } ?? ""
        let count = same.count == 1 ? "once" : "\(same.count) times"
        return
            "expected a call of \(name) with \(Shown.value(wanted)); it was called \(count), the nearest differs at \(difference)"
    }

    private func notCalled(_ name: String) -> String? {
        guard let call = run.calls.first(where: { $0.call.name == name }) else { return nil }
        return "expected no call of \(name), found \(name)(\(call.call.arguments))"
    }

    private func decided(_ decision: String, _ tool: String) -> String? {
        let asked = run.approvals.filter { $0.tool == tool }
        let isAllowed = decision == "allow"
        let wantedDecisions = isAllowed ? ["allow", "edit"] : ["deny"]
        if asked.contains(where: { wantedDecisions.contains($0.decision) }) { return nil }
        let wanted = isAllowed ? "approved" : "denied"
        guard let first = asked.first else {
            return "expected \(tool) to be asked about and \(wanted); nobody was asked about it, and \(madeNames)"
        }
        return
            "expected \(tool) to be \(wanted), found \(first.decision == "none" ? "that nobody was there to ask" : first.decision)"
    }

    // MARK: - The end

    private var finished: String? {
        if let failure = run.failure {
            return "expected an answer, found an error (\(failure.code)): \(failure.message)"
        }
        return run.stopped.map { "expected a complete answer, found one that the limit of \($0) stopped" }
    }

    private func stopped(_ limit: String?) -> String? {
        if let limit, run.stopped == limit { return nil }
        if limit == nil, run.stopped != nil { return nil }
        let wanted = limit.map { "the limit of \($0)" } ?? "a limit"
        return
            "expected \(wanted) to stop the run, found \(run.stopped.map { "the limit of \($0)" } ?? "that none did")"
    }

    private func failed(_ code: String?, _ part: String?) -> String? {
        guard let failure = run.failure else {
            return "expected an error\(code.map { " (\($0))" } ?? ""), found the answer \(Shown.text(run.text))"
        }
        if let code, failure.code != code {
            return "expected an error (\(code)), found another (\(failure.code)): \(failure.message)"
        }
        if let part, !failure.message.contains(part) {
            return "expected an error with \(Shown.text(part)), found \(Shown.text(failure.message))"
        }
        return nil
    }

    // MARK: - Usage

    /// Each figure must be less than, or as much as, the test says.
    private func usage(_ most: JSONValue) throws -> String? {
        for (name, limit) in Optional(most).asArguments.objectValue ?? [:] {
            guard let limit = limit.doubleValue else { throw Misuse("t:usage_below: \(name): expected a number") }
            let found: Double
            switch name {
            case "prompt_tokens": found = Double(run.usage.promptTokens)
            case "completion_tokens": found = Double(run.usage.completionTokens)
            case "total_tokens": found = Double(run.usage.totalTokens)
            case "turns": found = Double(run.turns)
            case "tool_calls": found = Double(run.calls.count)
            case "usd":
                guard let cost = run.cost else {
                    return "usd: expected \(limit) at most, found a cost that is not known"
                }
                found = cost.doubleValue
            default:
                throw Misuse(
                    "t:usage_below: unknown figure '\(name)'; there are completion_tokens, prompt_tokens, tool_calls, total_tokens, turns, usd"
                )
            }
            if found > limit { return "\(name): expected \(Self.number(limit)) at most, found \(Self.number(found))" }
        }
        return nil
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}

extension JSONValue {
    /// How many of the values that are neither objects nor lists two documents have at the same place.
    func leaves(sharedWith other: JSONValue) -> Int {
        switch (self, other) {
        case (.object(let mine), .object(let others)):
            mine.reduce(0) { sum, member in sum + (others[member.key].map { member.value.leaves(sharedWith: $0) } ?? 0)
            }
        case (.array(let mine), .array(let others)):
            zip(mine, others).reduce(0) { $0 + $1.0.leaves(sharedWith: $1.1) }
        default: self == other ? 1 : 0
        }
    }
}
