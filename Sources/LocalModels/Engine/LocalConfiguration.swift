// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the embedded engine and its weights are, or will be.
public struct LocalConfiguration: Sendable {
    /// Engine and weights are kept here and shared by all runs: `$XDG_CACHE_HOME/agent/local`.
    public var cacheDirectory: String
    /// Sockets of running engines: `$XDG_RUNTIME_DIR/agent` where that is a folder of this user's, else
    /// `/tmp/agent-UID/agent`. It must be this user's and closed to others, as must be the folder above it unless that is
    /// sticky like `/tmp`.
    public var runtimeDirectory: String
    /// A GGUF file to use instead of fetched weights (`AGENT_LOCAL_MODEL`).
    public var modelPath: String?
    /// A `llama-server` to use instead of the fetched engine: the first on `PATH`.
    public var llamaServer: String?
    /// Python 3, which hosts the engine: `AGENT_PYTHON` (a path, or a name on `PATH`), else the first on `PATH`.
    public var python: String?
    /// Seconds an engine that nobody uses stays warm: 0…604,800, 300 by default.
    public var idleSeconds: Int
    /// Tokens of context to open, prompt and answer together: 512…1,048,576, 8192 by default. Weights that are known to
    /// hold less get what they hold.
    public var contextTokens: Int
    /// The first variable that holds something else than it should, in words. It is the error of the first use.
    private(set) var invalidSetting: String?

    /// Reads the environment through `variable`. Of the file system it looks only at programs on `PATH`, and at who owns
    /// `XDG_RUNTIME_DIR`.
    public init(variable: (String) -> String?) {
        let home = variable("HOME") ?? "/"
        // XDG Base Directory Specification: a relative path is to be ignored.
        cacheDirectory = (variable("XDG_CACHE_HOME").absolute ?? home + "/.cache") + "/agent/local"
        let runtime = variable("XDG_RUNTIME_DIR").absolute.flatMap { PrivateFolder.problem(of: $0) == nil ? $0 : nil }
        runtimeDirectory = (runtime ?? "/tmp/agent-\(getuid())") + "/agent"
        modelPath = variable("AGENT_LOCAL_MODEL").nonEmpty
        let path = variable("PATH") ?? ""
        llamaServer = Self.find("llama-server", in: path)
        let python = variable("AGENT_PYTHON").nonEmpty ?? "python3"
        self.python = python.contains("/") ? python : Self.find(python, in: path)
        (idleSeconds, contextTokens) = (300, 8192)
        read("AGENT_LOCAL_IDLE", variable, "seconds", 0...604_800, into: \.idleSeconds)
        read("AGENT_LOCAL_CONTEXT", variable, "tokens", 512...1_048_576, into: \.contextTokens)
    }

    private mutating func read(
        _ name: String, _ variable: (String) -> String?, _ unit: String, _ range: ClosedRange<Int>,
        into place: WritableKeyPath<Self, Int>
    ) {
        guard let text = variable(name).nonEmpty else { return }
        if let number = Int(text), range.contains(number) {
            self[keyPath: place] = number
        } else if invalidSetting == nil {
            invalidSetting =
                "\(name): expected a number of \(unit) from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
        }
    }

    private static func find(_ program: String, in path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

extension String? {
    /// `nil` also for the empty string, which an environment uses for "not set".
    fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }

    /// `nil` also for what is not an absolute path.
    fileprivate var absolute: String? { flatMap { $0.hasPrefix("/") ? $0 : nil } }
}
