// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A call that may run, with its place in the journal.
struct ReadyCall: Sendable {
    let call: ToolCall
    let entry: Toolset.Entry
    let arguments: JSONValue
    /// The key for which it runs at most once.
    let onceKey: String?
    /// `nil` when nothing is recorded.
    let place: JournalPath?
    /// Whether the tool's time limit holds. A call that once came to an end in time comes to it again, however long it takes here.
    var isBounded = true

    private var tool: any Tool { entry.tool }

    /// Runs the call, or takes its result from the recording.
    func run(_ context: ToolContext, clock: any Clock<Duration>) async throws -> RecordedToolCall {
        guard let scope = JournalScope.current, let place else {
            guard onceKey == nil else {
                throw RunError(
                    .configuration, "tool \"\(call.name)\": once needs a journal, and this run keeps none")
            }
            return try await perform(context, clock)
        }
        var request: JSONObject = ["call": .string(call.id), "arguments": arguments]
        request["once"] = onceKey.map { .string($0) }
        let step = JournalStep(
            "tool", name: call.name, effect: entry.definition.effect, request: .object(request))
        return try await scope.group(step, at: place, .tool(call)) { inner in
            if let known = inner.recorded?.outcome {
                let made = RecordedToolCall(journalValue: known.value, of: call)
                if made.isSkipped {
                    inner.abandon(inner.path)
                    return made
                }
                if made.isLate { return try await stopped(context, clock, inner, made) }
                var known = self
                known.isBounded = !inner.comesAgain
                return try await known.performed(context, clock, inner)
            }
            guard let onceKey else { return try await performed(context, clock, inner) }
            return try await OnceCall(call: self, key: onceKey, scope: inner).run {
                try await performed(context, clock, inner)
            }
        }
    }

    /// A call that took too long is stopped again where its records end, and comes to what it came to.
    private func stopped(
        _ context: ToolContext, _ clock: any Clock<Duration>, _ scope: JournalScope, _ known: RecordedToolCall
    ) async throws -> RecordedToolCall {
        try await scope.stopped { _ = try await performed(context, clock, scope) }
        return known
    }

    /// The result of a call that is not run.
    func skipped(_ reason: String) -> RecordedToolCall {
        RecordedToolCall(result: call.refused(reason), isSkipped: true)
    }

    /// A call of a tool that does not record by itself what it does is a record of its own.
    private func performed(
        _ context: ToolContext, _ clock: any Clock<Duration>, _ scope: JournalScope
    ) async throws -> RecordedToolCall {
        guard !tool.isReplayable else {
            let made = try await perform(context, clock)
            // What is stopped again need not come as far as it once did.
            if !scope.isStopped { try scope.ended() }
            return made
        }
        let step = JournalStep("call", name: call.name, effect: entry.definition.effect, request: arguments)
        return try await made {
            try await scope.perform(step, .output) { try await self.output(context, clock) }
        }
    }

    private func perform(_ context: ToolContext, _ clock: any Clock<Duration>) async throws -> RecordedToolCall {
        try await made { try await output(context, clock) }
    }

    private func output(_ context: ToolContext, _ clock: any Clock<Duration>) async throws -> ToolOutput {
        try await withDeadline(isBounded ? entry.definition.timeout : nil, clock: clock) {
            try await tool.call(arguments, context: context)
        }
    }

    private func made(_ body: () async throws -> ToolOutput) async throws -> RecordedToolCall {
        do {
            return try RecordedToolCall(try await body(), of: call, keepsForm: onceKey != nil)
        } catch is DeadlineError {
            let limit = entry.definition.timeout ?? .zero
            return RecordedToolCall(
                result: call.refused("the tool was stopped: it took longer than \(limit)"), isLate: true)
        } catch let error as EffectInDoubt {
            throw error
        } catch {
            return try call.failed(error)
        }
    }
}
