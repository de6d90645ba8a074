// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime
import Synchronization

/// Where every request of a script arrives: read, checked against the grants, done, answered.
///
/// An error the script may handle is `nil, reason`; misuse is raised in the script, at its own line; what only the host
/// can mend ends the call.
final class Door: Sendable {
    let environment: ScriptEnvironment
    let registry: ScriptRegistry
    let indexes: ScriptIndexes
    let code: ScriptCode
    /// What passes.
    let capabilities: Capabilities
    let appends: AppendTurns
    private let mode: Mode
    private let reach: Reach

    /// Whether a script runs or is only being looked at.
    enum Mode: Sendable {
        case run
        /// Nothing but computing and registering: the first effect ends the script with ``StoppedAtEffect``.
        case inspect
    }

    init(_ environment: ScriptEnvironment, mode: Mode, code: ScriptCode = ScriptCode([], name: "")) {
        self.environment = environment
        self.code = code
        self.mode = mode
        registry = ScriptRegistry()
        indexes = ScriptIndexes()
        appends = AppendTurns()
        capabilities = environment.capabilities
        reach = Reach()
    }

    private init(_ door: Door, _ capabilities: Capabilities) {
        environment = door.environment
        code = door.code
        mode = door.mode
        registry = door.registry
        indexes = door.indexes
        appends = door.appends
        reach = door.reach
        self.capabilities = capabilities
    }

    /// The door for calls of `tool`: a tool that declares what it needs may do nothing else.
    func narrowed(to tool: ScriptRegistry.RegisteredTool) -> Door {
        guard let needs = tool.needs else { return self }
        return Door(self, capabilities.narrowed(to: needs, of: tool.definition.name))
    }

    /// The state behind this door. It is set once, and held weakly: the state holds the door.
    var state: LuaState? {
        get { reach.state.withLock(\.state) }
        set { reach.state.withLock { $0.state = newValue } }
    }

    @Sendable func answer(_ request: LuaRequest) async throws -> LuaAnswer {
        let scope = JournalScope.current
        let answer = try await settled(DoorRequest(request), at: request.position, scope)
        if let denial = answer.denial { registry.noteDenial(denial) }
        try await scope?.turn()
        return answer.answer
    }

    /// The answer, recorded or from the recording where a journal is kept.
    private func settled(
        _ request: DoorRequest, at position: String, _ scope: JournalScope?
    ) async throws -> DoorAnswer {
        if request.operation == "env", let scope {
            let step = JournalStep("env", name: request.word(0))
            // The secret is known before anything is written down.
            let answer = try await caught { try variable(request) }
            scope.noteSecrets()
            return try await scope.group(step, .variable) { _ in answer }
        }
        guard let scope, mode == .run, let kept = JournaledOperation(request, isReadOnly: scope.isReadOnly) else {
            return try await caught { try await dispatch(request, at: position) }
        }
        var isLive = false
        let answer = try await scope.perform(
            kept.step, .door, doubt: { _ in kept.isIdempotent ? .mayRun : .unknown },
            {
                isLive = true
                return try await metered { try await dispatch(request, at: position) }
            })
        // What an answer cost is gone, also when it is not asked for again.
        if !isLive { environment.ledger?.note(answer.spent) }
        return answer
    }

    /// The answer with what it took of a budget.
    private func metered(_ body: () async throws -> LuaAnswer) async throws -> DoorAnswer {
        let spending = SpendingNotes()
        var answer = try await SpendingNotes.$current.withValue(spending) { try await caught(body) }
        answer.spent = spending.all
        if let ledger = environment.ledger { answer.sum = ledger.sum(answer.spent) }
        return answer
    }

    /// What the script is to know of an error of its own.
    func caught(_ body: () async throws -> LuaAnswer) async throws -> DoorAnswer {
        do {
            return DoorAnswer(try await body())
        } catch let error as Misuse {
            return DoorAnswer(.raise(error.description))
        } catch let error as DeniedError {
            return DoorAnswer(.raise(error.description), denial: error)
        }
    }

    /// Lets the state go on with an entry of Lua, in the turn of this line where the order is kept.
    func enter(_ state: LuaState, _ entry: String, _ arguments: LuaMessage) async throws -> LuaMessage {
        try await JournalScope.current?.turn()
        return try await state.call(
            entry: entry, arguments: arguments, host: answer, onStep: JournalScope.onStep)
    }

    private func dispatch(_ request: DoorRequest, at position: String) async throws -> LuaAnswer {
        if let answer = try await environment.addition?.answer(request, position) { return answer }
        if let answer = try faked(request) { return answer }
        if let answer = try pure(request) { return answer }
        if mode == .inspect { throw StoppedAtEffect(operation: request.operation, position: position) }
        switch request.operation {
        case "agent.run": return try await runAgent(request)
        case "agent.stream.open": return try openStream(request)
        case "agent.stream.next": return try await nextEvent(request)
        case "agent.stream.close": return closeStream(try request.integer(0, "stream"))
        case "map": return try await map(request)
        case "http": return try await http(request)
        case "fs.read", "fs.write", "fs.list", "fs.exists": return try files(request)
        case "index.add", "index.search", "index.remove", "index.documents", "index.info":
            return try await index(request)
        case "env": return try variable(request)
        case "exec": return try await execute(request)
        case "tool.call": return try await callTool(request)
        case "fs.append": return try await append(request)
        case "sleep": return try await sleep(request)
        case "stdin": return try await standardInput(request)
        default:
            if let answer = try await chats(request) { return answer }
            if let answer = try await service(request) { return answer }
            throw Misuse("\(DoorRequest.shown(request.operation)) is not an operation")
        }
    }

    /// What only computes or registers: possible while a script is merely looked at.
    private func pure(_ request: DoorRequest) throws -> LuaAnswer? {
        switch request.operation {
        case "tool.new": try newTool(request)
        case "tool.validate": try validateArguments(request)
        case "agent.new": try newAgent(request)
        case "chat.fit": try fitChat(request)
        case "index.open": try openIndex(request)
        case "library": try libraryTool(request)
        case "validate": try validate(request)
        case "log": try log(request)
        case "now": .json(.number(secondsSinceEpoch()))
        case "clock": .json(.number(processorSeconds()))
        case "random": try random(request)
        case "uuid": .json(.string(uuid()))
        default: nil
        }
    }
}

/// A script that was only to be looked at came to where it would do something.
struct StoppedAtEffect: Error {
    let operation: String
    let position: String
}

private struct StateReference {
    weak var state: LuaState?
}

private final class Reach: Sendable {
    let state = Mutex(StateReference())
}
