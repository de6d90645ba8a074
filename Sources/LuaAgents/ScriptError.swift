// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import LuaRuntime

/// A script that ended in an error.
public struct ScriptError: Error, Sendable, CustomStringConvertible {
    /// What Lua said, with file and line where it knew them, and without the secrets that the environment knows.
    public let error: LuaError
    /// The file, as it was named when it was run.
    public let file: String
    /// The last request that was refused for want of a grant, if that is what ended the script.
    public let denial: DeniedError?
    /// Why the script's last run gave no reply: often the real cause when a script indexes a reply that is nil.
    public let failedRun: String?
    /// The guardrail that blocked the script's last run.
    public let block: GuardrailReport?
    /// The model that could not be made, if that is what ended the script.
    public let modelError: ModelError?

    init(
        _ error: LuaError, in file: String, denial: DeniedError? = nil, failedRun: String? = nil,
        block: GuardrailReport? = nil, modelError: ModelError? = nil, secrets: SecretRedactor = SecretRedactor()
    ) {
        self.error = error.redacted(by: secrets)
        self.file = file
        self.block = block
        self.denial = denial.flatMap { error.message.contains($0.description) ? $0 : nil }
        self.modelError = modelError.flatMap { error.message.contains($0.description) ? $0 : nil }
        self.failedRun = failedRun.flatMap { error.message.contains($0) ? nil : secrets.redact($0) }
    }

    public var description: String {
        // Lua gives no place for what a file returns, for a binary chunk, and after a tail call.
        let said = Self.hasPlace(error.message) ? error.message : "\(file): \(error.message)"
        return failedRun.map { "\(said)\nthe last run had failed: \($0)" } ?? said
    }

    /// Whether a message says `NAME:LINE:` somewhere on its first line.
    private static func hasPlace(_ message: String) -> Bool {
        let line = message.prefix { !$0.isNewline }
        return line.split(separator: ":").dropFirst().contains { part in
            !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }
}

extension LuaError {
    func redacted(by secrets: SecretRedactor) -> LuaError {
        LuaError(code, secrets.redact(message), traceback: secrets.redact(traceback))
    }
}
