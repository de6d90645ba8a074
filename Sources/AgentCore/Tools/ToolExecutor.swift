// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// Runs the calls of one turn: looked up, parsed, validated, approved, then run side by side.
///
/// What the model can mend becomes a result with `isError`; what the operator must know is reported as a fault.
struct ToolExecutor: Sendable {
    let tools: Toolset
    let policy: ApprovalPolicy
    let approver: any Approver
    let clock: any Clock<Duration>

    typealias Report = @Sendable (RunEvent) async throws -> Void

    /// A call that has been decided on.
    private enum Prepared: Sendable {
        case refused(ToolResult)
        case ready(ReadyCall)
    }

    /// Decides on every call, one after another, before the first of them runs; a person is asked one thing at a time.
    ///
    /// - Parameters:
    ///   - gate: judges the results before the model sees them; without rules for that each result is reported as it comes.
    ///   - conversation: what came before the calls, and they themselves.
    /// - Returns: one result for each call, in the order of `calls`.
    func run(
        _ calls: [ToolCall], turn: Int, _ gate: GuardrailGate, after conversation: [Message]
    ) async throws -> [ToolResult] {
        let isGuarded = !gate.rules.toolResult.isEmpty
        let report = gate.report
        let results = try await run(calls, turn: turn) { event in
            if isGuarded, case .toolResult = event { return }
            try await report(event)
        }
        guard isGuarded else { return results }
        let texts = try await gate.pass(
            zip(calls, results).map { call, result in
                GuardrailSubject(
                    .toolResult, result.content, conversation: conversation, toolCall: call, isError: result.isError)
            })
        return try await self.report(zip(results, texts).map { $0.saying($1) }, report)
    }

    private func report(_ results: [ToolResult], _ report: Report) async throws -> [ToolResult] {
        for result in results { try await report(.toolResult(result)) }
        return results
    }

    private func run(_ calls: [ToolCall], turn: Int, report: @escaping Report) async throws -> [ToolResult] {
        var prepared: [(call: ToolCall, decision: Prepared)] = []
        for call in calls {
            try await report(.toolCall(call))
            prepared.append((call, try await prepare(call, report)))
        }
        if prepared.count == 1 { return [try await finish(prepared[0].call, prepared[0].decision, turn, report)] }
        return try await withThrowingTaskGroup(of: (Int, ToolResult).self) { group in
            for (place, (call, decision)) in prepared.enumerated() {
                group.addTask { (place, try await finish(call, decision, turn, report)) }
            }
            var results = [ToolResult?](repeating: nil, count: calls.count)
            for try await (place, result) in group { results[place] = result }
            return results.compactMap(\.self)
        }
    }

    private func prepare(_ call: ToolCall, _ report: Report) async throws -> Prepared {
        guard let entry = tools[call.name] else { return .refused(call.refused(unknown(call.name))) }
        switch ToolArguments(parsing: call.arguments, schema: entry.schema) {
        case .malformed(let problem): return .refused(call.refused(problem))
        case .invalid(_, let problems): return .refused(call.refused(ToolArguments.sentence(problems)))
        case .valid(let arguments):
            let gate = ApprovalGate(policy: policy, approver: recordedApprover)
            var verdict = ApprovalGate.Verdict.refused("the tool gave no answer")
            let fault = try await asTool(call, report) {
                verdict = try await gate.verdict(on: call, entry, arguments)
                return nil
            }
            if let fault { return .refused(fault) }
            switch verdict {
            case .run(let arguments): return try await ready(call, entry, arguments, report)
            case .refused(let reason): return .refused(call.refused(reason))
            }
        }
    }

    private var recordedApprover: any Approver {
        JournalScope.current.map { JournaledApprover(scope: $0, other: approver) } ?? approver
    }

    /// Takes the call's place in the journal while calls still come one after another.
    private func ready(
        _ call: ToolCall, _ entry: Toolset.Entry, _ arguments: JSONValue, _ report: Report
    ) async throws -> Prepared {
        var key: String?
        let fault = try await asTool(call, report) {
            key = try await entry.tool.onceKey(for: arguments)
            return nil
        }
        if let fault { return .refused(fault) }
        return .ready(
            ReadyCall(
                call: call, entry: entry, arguments: arguments, onceKey: key, place: JournalScope.current?.nextPath()))
    }

    private func finish(
        _ call: ToolCall, _ decision: Prepared, _ turn: Int, _ report: Report
    ) async throws -> ToolResult {
        switch decision {
        case .refused(let result):
            try await report(.toolResult(result))
            return result
        case .ready(let ready):
            let made = try await ready.run(ToolContext(callID: call.id, turn: turn), clock: clock)
            if let fault = made.fault { try await report(.toolFault(call, description: fault)) }
            try await report(.toolResult(made.result))
            return made.result
        }
    }

    /// The call as its tool would get it: defaults filled in. One that no tool would get is left as it is.
    func filled(_ call: ToolCall) -> ToolCall {
        guard let entry = tools[call.name],
            case .valid(let arguments) = ToolArguments(parsing: call.arguments, schema: entry.schema),
            let text = try? arguments.serialized()
        else { return call }
        return ToolCall(id: call.id, name: call.name, arguments: text)
    }

    private func unknown(_ name: String) -> String {
        let known = tools.definitions.map(\.name)
        let offer = known.isEmpty ? "there are no tools" : "the tools are: " + known.joined(separator: ", ")
        let meant = ClosestName.of(name, among: known).map { "did you mean \"\($0)\"? " } ?? ""
        return "unknown tool \"\(name)\"; \(meant)\(offer)"
    }

    /// Runs a part of a tool that is not its call. What it throws is a fault that the operator sees; the model learns only that it failed.
    private func asTool(
        _ call: ToolCall, _ report: Report, _ body: () async throws -> ToolResult?
    ) async throws -> ToolResult? {
        do {
            return try await body()
        } catch {
            let failed = try call.failed(error)
            if let fault = failed.fault { try await report(.toolFault(call, description: fault)) }
            return failed.result
        }
    }
}

extension ToolCall {
    func result(of output: ToolOutput) throws -> ToolResult {
        switch output {
        case .text(let text): ToolResult(callID: id, name: name, content: text)
        case .value(let value): ToolResult(callID: id, name: name, content: try value.serialized())
        case .failure(let reason): refused(reason)
        }
    }

    /// What a tool that threw `error` comes to.
    ///
    /// - Throws: `error` where it is about the run and not about the tool.
    func failed(_ error: any Error) throws -> RecordedToolCall {
        if error is CancellationError || error is RunError || error is JournalError { throw error }
        try Task.checkCancellation()
        return RecordedToolCall(
            result: refused("the tool failed; its operator was told why"), fault: "\(error)")
    }
}
