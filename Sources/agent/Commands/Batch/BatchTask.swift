// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

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
            do {
                guard let run else { return try await self.run(item) }
                return try await run.run { try await self.run(item) }
            } catch {
                try Task.checkCancellation()
                return .failed(try BatchFailure(error))
            }
        } catch {
            await run?.leave(error)
            throw error
        }
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
            return Self.outcome(try await agent.run(messages))
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
