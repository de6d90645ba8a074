// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// What is evaluated: an agent, guardrails, or runs that were recorded.
public protocol EvalSubject: Sendable {
    /// The name that reports show.
    var name: String { get }

    /// Answers one case.
    ///
    /// - Parameter trial: which repeat of the case it is, from 0.
    /// - Throws: whatever went wrong; an answer that is bad is no error.
    func answer(_ question: EvalCase, trial: Int) async throws -> EvalAnswer
}

/// An agent, each case a run of its own.
public struct AgentSubject: EvalSubject {
    public let name: String
    private let agent: Agent
    private let seed: Int64?

    /// - Parameter seed: of the first repeat; each further one gets the next number, or all would be the same.
    public init(_ agent: Agent, name: String, seed: Int64? = nil) {
        self.agent = agent
        self.name = name
        self.seed = seed
    }

    public func answer(_ question: EvalCase, trial: Int) async throws -> EvalAnswer {
        var agent = agent
        if let seed { agent.options.randomSeed = seed &+ Int64(trial) }
        do {
            let result = try await agent.run(question.input)
            if let stopped = result.stopped {
                throw EvalFailure(
                    stopped == .seconds ? .timeout : .limit, "the run was stopped by its limit of \(stopped.rawValue)",
                    usage: result.usage)
            }
            return EvalAnswer(result)
        } catch let error as RunError {
            guard let answer = EvalAnswer(endedBy: error, asked: question.input.count) else { throw error }
            return answer
        }
    }
}

extension EvalAnswer {
    public init(_ result: RunResult) {
        self.init(
            result.text, output: result.output, toolCalls: result.toolCalls.map(\.call), usage: result.usage,
            cost: result.cost)
    }

    /// The end of a run that is an answer all the same: a guardrail's block, or an answer that did not get the form it must have.
    ///
    /// - Parameter asked: how many messages the run began with; calls in them are none of its own.
    init?(endedBy error: RunError, asked: Int) {
        let calls = error.messages.dropFirst(asked).flatMap(\.toolCalls)
        switch error.code.rawValue {
        case "guardrail":
            // One that could not judge says nothing of the answer.
            if let report = error.block, report.isFailure {
                return nil
            }
            self.init(toolCalls: calls, blocked: error.message, usage: error.usage, cost: nil)
        case "model" where (error.cause as? ModelError)?.code == .guardrail:
            self.init(toolCalls: calls, blocked: error.message, usage: error.usage, cost: nil)
        case "output", "truncated":
            self.init(
                error.attempts.last ?? "", toolCalls: calls, invalid: error.message, usage: error.usage, cost: nil)
        default: return nil
        }
    }
}
