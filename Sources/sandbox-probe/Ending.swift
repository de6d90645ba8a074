// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import JSONCore
import LuaRuntime

/// How a script ended, in the words of the corpus.
struct Ending {
    let kind: String
    let message: String
    let value: JSONValue?

    /// Runs `source` in a sandbox in which it may touch its working folder.
    init(of source: [UInt8], name: String, in sandbox: Sandbox, computeTime: Duration = .seconds(10)) async {
        var environment = ScriptEnvironment(models: NoModels())
        environment.sandbox = SandboxProbe.sandbox
        environment.sandbox = sandbox
        environment.limits.computeTime = computeTime
        environment.grants = Grants(read: .only(["."]), write: .only(["."]))
        do {
            let script = try await Script.run(source, name: name, in: environment)
            if case .value(let value) = script.outcome { self.value = value } else { value = nil }
            (kind, message) = ("ok", "")
        } catch let error as ScriptError {
            (kind, message, value) = (Self.kind(of: error), error.description, nil)
        } catch {
            (kind, message, value) = ("host_error", "\(error)", nil)
        }
    }

    private static func kind(of error: ScriptError) -> String {
        switch error.error.code {
        case .timeout: "time_limit"
        case .memory: "memory_limit"
        case .instructions: "instruction_limit"
        case .output: "output_limit"
        case .conversion: "result_error"
        case .isolation: "host_error"
        default: error.denial == nil ? "script_error" : "permission_denied"
        }
    }
}

/// A host without models.
private struct NoModels: ModelProvider {
    func model(for reference: JSONValue?) throws -> any Model {
        throw ModelError(.configuration, "there are no models here")
    }
}
