// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// Does one item after another, each in a Lua state of its own.
///
/// A state that reached a limit takes no more calls, and what one item leaves in globals must not reach the next: a state for each
/// costs about half a millisecond, which is nothing beside the call of a model. It also makes an item a run of its own that
/// depends on its line alone.
struct BatchTask: Sendable {
    let path: String
    let source: [UInt8]
    private let environment: ScriptEnvironment

    init(_ file: ScriptFile, environment: ScriptEnvironment) {
        path = file.path
        source = file.source
        self.environment = environment
    }

    /// What the line of `item` says.
    ///
    /// - Parameter run: records what the item does; `nil` and nothing is.
    /// - Throws: ``CancellationError``, or what ends the whole batch because it would end each item.
    func result(of item: BatchItem, recordedBy run: BatchItemRun?) async throws -> BatchOutcome {
        do {
            let outcome: BatchOutcome
            do {
                if let run {
                    outcome = try await run.run { try await self.run(item) }
                } else {
                    outcome = try await self.run(item)
                }
            } catch {
                try Task.checkCancellation()
                outcome = .failed(try BatchFailure(error))
            }
            // Whatever a script made of an agent that the command's limit stopped, it is not what the item would come to.
            if let left = environment.ledger?.left, run?.journal.isOutOfMoney(left) == true { throw outOfMoney }
            if run?.hasRunOut == true, !outcome.isError {
                return .failed(BatchFailure("limit", "an earlier --usd stopped an agent; effects came after"))
            }
            return outcome
        } catch {
            await run?.leave(error)
            throw error
        }
    }

    /// What ends the batch: each item after it would end so.
    private var outOfMoney: ModelError {
        let limit = environment.ledger?.limit.map { " of \($0)" } ?? ""
        return ModelError(.limit, "the limit\(limit) (usd) is reached")
    }

    private func run(_ item: BatchItem) async throws -> BatchOutcome {
        let script = try await Script.run(
            source, name: path, arguments: [item.argument], in: environment)
        switch script.outcome {
        case .tools:
            throw UsageError("\(path) holds tools, not a task; a batch needs an agent, or a file that does its work")
        case .value(let value):
            return .done(["output": value ?? .null])
        case .agent(let agent):
            guard let messages = item.messages else {
                return .failed(BatchFailure("input", "the agent needs a string, or an object with prompt or messages"))
            }
            let result = try await agent.run(messages)
            if agent.isOutOfSharedMoney(result) { throw outOfMoney }
            return Self.outcome(result)
        }
    }

    private static func outcome(_ result: RunResult) -> BatchOutcome {
        var fields: JSONObject = [:]
        if let output = result.output { fields["output"] = output } else { fields["text"] = .string(result.text) }
        fields["usage"] = result.usage.scriptValue(cost: result.cost)
        guard let limit = result.stopped else { return .done(fields) }
        // The best that a limit allowed is kept, and not passed off as an answer.
        return .failed(BatchFailure("limit", "a limit ended the run: \(limit.rawValue)"), fields)
    }
}

/// What came of an item.
enum BatchOutcome {
    case done(JSONObject)
    /// With what there is all the same.
    case failed(BatchFailure, JSONObject = [:])

    var isError: Bool { if case .failed = self { true } else { false } }

    /// The line of the output, without secrets.
    func line(of item: BatchItem) throws -> String {
        var fields: JSONObject = ["index": .integer(Int64(item.index))]
        fields["id"] = item.id
        switch self {
        case .done(let result): for (name, value) in result { fields[name] = value }
        case .failed(let failure, let result):
            for (name, value) in result { fields[name] = value }
            fields["error"] = ["code": .string(failure.code), "message": .string(failure.message)]
        }
        return Console.secrets.redact(try JSONValue.object(fields).serialized())
    }
}
