// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore
import Synchronization

/// What a script has registered, by the numbers that Lua knows it by.
final class ScriptRegistry: Sendable {
    struct RegisteredTool: Sendable {
        let definition: ToolDefinition
        let schema: JSONSchema
        /// Whether the script itself says, call by call, if approval is needed.
        let asksScript: Bool
        /// Whether calls have keys, and run at most once for each.
        let hasKey: Bool
        /// Whether the script can find out what became of a call.
        let recovers: Bool
        /// Whether calls have no function: their results come from outside.
        let isDeferred: Bool
        /// What its calls are held to; `nil` when it does not say.
        let needs: ToolNeeds?
    }

    private struct State {
        var tools: [RegisteredTool] = []
        var agents: [AgentSpec] = []
        var streams: [Int: EventStream] = [:]
        var nextStream = 0
        var denial: DeniedError?
        var failure: String?
        var block: GuardrailReport?
        var modelError: ModelError?
    }

    private let state = Mutex(State())

    func add(_ tool: RegisteredTool) -> Int {
        state.withLock { state in
            state.tools.append(tool)
            return state.tools.count
        }
    }

    func add(_ agent: AgentSpec) -> Int {
        state.withLock { state in
            state.agents.append(agent)
            return state.agents.count
        }
    }

    func add(_ stream: EventStream) -> Int {
        state.withLock { state in
            state.nextStream += 1
            state.streams[state.nextStream] = stream
            return state.nextStream
        }
    }

    func tool(_ id: Int) throws -> RegisteredTool {
        try state.withLock { state in
            guard state.tools.indices.contains(id &- 1) else { throw Misuse("there is no such tool") }
            return state.tools[id - 1]
        }
    }

    func agent(_ id: Int) throws -> AgentSpec {
        try state.withLock { state in
            guard state.agents.indices.contains(id &- 1) else {
                throw Misuse("there is no such agent; write bot:run(…)")
            }
            return state.agents[id - 1]
        }
    }

    func stream(_ id: Int) -> EventStream? { state.withLock { $0.streams[id] } }
    func removeStream(_ id: Int) { _ = state.withLock { $0.streams.removeValue(forKey: id) } }

    var toolCount: Int { state.withLock(\.tools.count) }
    var agentCount: Int { state.withLock(\.agents.count) }

    /// The last thing that was refused for want of a grant.
    var denial: DeniedError? { state.withLock(\.denial) }
    func noteDenial(_ error: DeniedError) { state.withLock { $0.denial = error } }

    /// Why the last run that a script started gave no reply.
    var failure: String? { state.withLock(\.failure) }
    /// The last model that could not be made.
    var modelError: ModelError? { state.withLock(\.modelError) }
    func noteModelError(_ error: ModelError) { state.withLock { $0.modelError = error } }
    /// The guardrail that blocked the last run that a script started, if one did.
    var block: GuardrailReport? { state.withLock(\.block) }
    func noteFailure(_ reason: String?, block: GuardrailReport? = nil) {
        state.withLock { ($0.failure, $0.block) = (reason, block) }
    }
}

/// The events of a run for one reader: `next` is called by one coroutine at a time.
actor EventStream {
    private var iterator: AsyncStream<RunEvent>.Iterator
    private var redacted: RedactedEvents?
    /// The line that the run is on; `nil` when nothing is recorded.
    nonisolated let line: JournalScope?

    init(_ stream: RunStream, line: JournalScope? = nil) {
        iterator = stream.makeAsyncIterator()
        self.line = line
    }

    func next() async -> RunEvent? {
        var copy = iterator
        let event = await copy.next(isolation: self)
        iterator = copy
        return event
    }

    /// `event` as it may be shown; text that may be the beginning of a secret waits for what comes next.
    func redacted(_ event: RunEvent, by secrets: SecretRedactor) -> [RunEvent] {
        var redaction = redacted ?? RedactedEvents(secrets)
        defer { redacted = redaction }
        return redaction.next(event)
    }
}
