// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import LuaRuntime

/// A script that ended in an error.
public struct ScriptError: Error, Sendable, CustomStringConvertible {
    /// What Lua said, with file and line.
    public let error: LuaError
    /// The last request that was refused for want of a grant, if that is what ended the script.
    public let denial: DeniedError?
    /// Why the script's last run gave no reply: often the real cause when a script indexes a reply that is nil.
    public let failedRun: String?
    /// The model that could not be made, if that is what ended the script.
    public let modelError: ModelError?

    init(_ error: LuaError, denial: DeniedError? = nil, failedRun: String? = nil, modelError: ModelError? = nil) {
        self.error = error
        self.denial = denial.flatMap { error.message.contains($0.description) ? $0 : nil }
        self.modelError = modelError.flatMap { error.message.contains($0.description) ? $0 : nil }
        self.failedRun = failedRun.flatMap { error.message.contains($0) ? nil : $0 }
    }

    public var description: String {
        guard let failedRun else { return error.message }
        return "\(error.message)\nthe last run had failed: \(failedRun)"
    }
}
