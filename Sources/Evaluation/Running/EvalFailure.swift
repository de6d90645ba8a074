// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Why a try could not be judged. It counts neither as right nor as wrong.
public struct EvalFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure; an open set.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The model gave no answer.
        public static let model = Kind(rawValue: "model")
        public static let timeout = Kind(rawValue: "timeout")
        /// A limit of turns, calls, tokens or money ended the run.
        public static let limit = Kind(rawValue: "limit")
        /// A guardrail could not judge.
        public static let guardrail = Kind(rawValue: "guardrail")
        /// The judge gave no verdict.
        public static let judge = Kind(rawValue: "judge")
        /// A tool waits for an approval that nobody can give here.
        public static let approval = Kind(rawValue: "approval")
        /// The case is not among the recorded runs.
        public static let notRecorded = Kind(rawValue: "not_recorded")
        /// Anything else.
        public static let host = Kind(rawValue: "host")
    }

    public var kind: Kind
    /// One sentence for a person.
    public var message: String
    public var cause: (any Error)?
    /// What had been used until then.
    public var usage: Usage

    public init(_ kind: Kind, _ message: String, cause: (any Error)? = nil, usage: Usage = .init()) {
        self.kind = kind
        self.message = message
        self.cause = cause
        self.usage = usage
    }

    /// The failure that `error` is.
    init(_ error: any Error) {
        switch error {
        case let error as EvalFailure: self = error
        case let error as RunError:
            let isTimeout = (error.cause as? ModelError)?.code == .timeout
            let kind: Kind =
                switch error.code {
                case .model: isTimeout ? .timeout : (error.cause as? ModelError)?.code == .limit ? .limit : .model
                case .approval: .approval
                case .guardrail: .guardrail
                default: .host
                }
            self.init(kind, error.message, cause: error, usage: error.usage)
        case let error as ModelError:
            self.init(error.code == .timeout ? .timeout : .model, error.description, cause: error)
        default: self.init(.host, "\(error)", cause: error)
        }
    }

    public var description: String { message }
}
