// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the embedded engine and its weights are, or will be.
public struct LocalConfiguration: Sendable {
    /// Engine and weights are kept here and shared by all runs: `$XDG_CACHE_HOME/agent/local`.
    public var cacheDirectory: String
    /// Sockets of running engines: `$XDG_RUNTIME_DIR/agent`, or a folder of this user's own below `/tmp`.
    public var runtimeDirectory: String
    /// A GGUF file to use instead of fetched weights (`AGENT_LOCAL_MODEL`).
    public var modelPath: String?
    /// A `llama-server` to use instead of the fetched engine: the first on `PATH`.
    public var llamaServer: String?
    /// Python 3, which hosts the engine: `AGENT_PYTHON`, else the first on `PATH`.
    public var python: String?
    /// Seconds an engine that nobody uses stays warm.
    public var idleSeconds: Int
    /// Tokens of context to open, prompt and answer together.
    public var contextTokens: Int

    /// Reads the environment through `variable`; touches no file but to look for programs on `PATH`.
    public init(variable: (String) -> String?) {
        let home = variable("HOME") ?? "/"
        let cache = variable("XDG_CACHE_HOME").nonEmpty ?? home + "/.cache"
        cacheDirectory = cache + "/agent/local"
        runtimeDirectory = (variable("XDG_RUNTIME_DIR").nonEmpty ?? "/tmp/agent-\(getuid())") + "/agent"
        modelPath = variable("AGENT_LOCAL_MODEL").nonEmpty
        let path = variable("PATH") ?? ""
        llamaServer = Self.find("llama-server", in: path)
        python = variable("AGENT_PYTHON").nonEmpty ?? Self.find("python3", in: path)
        idleSeconds = variable("AGENT_LOCAL_IDLE").flatMap { Int($0) } ?? 300
        contextTokens = variable("AGENT_LOCAL_CONTEXT").flatMap { Int($0) } ?? 8192
    }

    private static func find(_ program: String, in path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

extension String? {
    /// `nil` also for the empty string, which an environment uses for "not set".
    fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
