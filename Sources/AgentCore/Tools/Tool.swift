// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something that the model may call.
public protocol Tool: Sendable {
    var definition: ToolDefinition { get }

    /// Runs the tool.
    ///
    /// - Parameter arguments: an object that is valid by `definition.parameters`, defaults filled in.
    /// - Returns: what the model is told, `.failure` when the model could do better with other arguments.
    /// - Throws: what the operator must see; the model learns only that the tool failed.
    func call(_ arguments: JSONValue, context: ToolContext) async throws -> ToolOutput

    /// Whether a person must allow this very call before it runs. By default what the definition says.
    func needsApproval(for arguments: JSONValue) async throws -> Bool

    /// The file that the tool's code is in; `nil`, the default, for a tool that is a part of the program. Answers are remembered
    /// for tools of files only.
    var origin: ToolOrigin? { get }

    /// Whether a call may simply be made again when a recorded run is resumed or replayed, because all that it asks of the world
    /// is recorded by itself. By default false: the call as a whole is recorded, and answered from the recording.
    var isReplayable: Bool { get }

    /// The key of this very call when it must run at most once for it, in this run and in every other of the same journal.
    /// By default `nil`: no such promise.
    func onceKey(for arguments: JSONValue) async throws -> String?

    /// Finds out what became of a call that had begun when its run was cut off. By default nobody knows.
    func recover(_ arguments: JSONValue, key: String) async throws -> ToolRecovery
}

/// What became of a call that had begun when its run was cut off.
public enum ToolRecovery: Sendable {
    /// It was done, with this result.
    case done(ToolOutput)
    /// It was not done: it may run.
    case notDone
    case unknown
}

extension Tool {
    public var origin: ToolOrigin? { nil }
    public var isReplayable: Bool { false }
    public func onceKey(for arguments: JSONValue) async throws -> String? { nil }
    public func recover(_ arguments: JSONValue, key: String) async throws -> ToolRecovery { .unknown }
    public func needsApproval(for arguments: JSONValue) async throws -> Bool { definition.needsApproval }
}

/// What the model is told of a tool, and what the runtime must know before it runs it.
public struct ToolDefinition: Sendable, Equatable {
    /// What a call can do to the world.
    public enum Effect: String, Sendable {
        /// Changes nothing.
        case read
        /// Changes something that can be changed back.
        case write
        /// Cannot be undone.
        case final
    }

    /// Matches `^[A-Za-z0-9_-]{1,64}$`.
    public var name: String
    public var description: String
    /// A JSON Schema of an object.
    public var parameters: JSONValue
    public var effect: Effect
    /// Whether a person is asked before each call, unless an ``ApprovalPolicy`` says otherwise.
    public var needsApproval: Bool
    /// How long a call may take; `nil` for no limit of its own.
    public var timeout: Duration?
    /// Whether the provider is asked to hold the arguments to the schema (`strict` on the wire).
    public var strict: Bool

    /// - Parameter needsApproval: `nil` for what the effect asks for: ``Effect/final`` needs approval, the others do not.
    public init(
        name: String, description: String = "", parameters: JSONValue = ["type": "object", "properties": [:]],
        effect: Effect = .write, needsApproval: Bool? = nil, timeout: Duration? = nil, strict: Bool = false
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.effect = effect
        self.needsApproval = needsApproval ?? (effect == .final)
        self.timeout = timeout
        self.strict = strict
    }
}

/// What a call knows about the run around it.
public struct ToolContext: Sendable {
    public var callID: String
    /// The turn of the run, from 1.
    public var turn: Int

    public init(callID: String, turn: Int) {
        self.callID = callID
        self.turn = turn
    }
}

/// What a tool gives back.
public enum ToolOutput: Sendable, Equatable {
    /// For the model as it is.
    case text(String)
    /// For the model as JSON.
    case value(JSONValue)
    /// What went wrong, in words the model can act on.
    case failure(String)
}
