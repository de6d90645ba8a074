// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// The engine of one set of weights: fetched when it is missing, started when it is not running, shared by all runs of
/// this user, and held by a lease while this value lives.
///
/// The engine ends itself when no lease has been open for a while. The kernel drops the lease of a process that is
/// killed, so nothing is ever orphaned.
actor LocalEngine {
    /// Where a running engine answers.
    struct Endpoint: Sendable, Equatable {
        let socketPath: String
        /// Tokens, prompt and answer together.
        let context: Int
    }

    private let configuration: LocalConfiguration
    /// Tokens of prompt and answer together.
    nonisolated var contextTokens: Int { configuration.contextTokens }
    /// A name of the manifest; `nil` for the file that the configuration names, else for the manifest's default.
    private let modelName: String?
    private let kind: ModelManifest.Kind
    private let starting = SharedAttempt<Endpoint>()
    private var lease: Lease?
    private var endpoint: Endpoint?

    init(_ configuration: LocalConfiguration, model: String?, kind: ModelManifest.Kind = .chat) {
        self.configuration = configuration
        self.kind = kind
        modelName = model
    }

    /// Whether the engine that was there last is still there.
    private var isRunning: Bool { lease?.isOpen ?? false }

    /// Whether the engine went away. Waits for a second before it says no: of a process that is killed the kernel closes
    /// one connection after the other.
    func isGone() async -> Bool {
        for _ in 0..<20 where isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        return !isRunning
    }

    /// The running engine.
    ///
    /// - Parameter progress: gets ``ModelEvent/progress(_:)`` in words: `fetching … 12 of 1117 MB`. Of many callers that
    ///   come while the engine is fetched or started, the first one hears it all, the others that they wait.
    /// - Throws: ``ModelError`` with ``ModelError/Code/unavailable`` and what to do, or with
    ///   ``ModelError/Code/configuration`` for a setting or a model name that cannot be used.
    func ready(progress: @Sendable (ModelEvent) async throws -> Void) async throws -> Endpoint {
        if let endpoint, isRunning { return endpoint }
        return try await starting.value {
            try await progress(.progress("waiting for the local model"))
        } _: {
            try await start(progress)
        }
    }

    private func start(_ progress: @Sendable (ModelEvent) async throws -> Void) async throws -> Endpoint {
        try Task.checkCancellation()
        if let problem = configuration.invalidSetting { throw ModelError(.configuration, problem) }
        let usesOwnFile = kind == .chat && modelName == nil && configuration.modelPath != nil
        let weights = usesOwnFile ? nil : try ModelManifest().weights(named: modelName, kind: kind)
        let place = try EnginePlace(configuration, weights)
        try place.prepare()
        if let running = try? Lease(path: place.leaseSocket), let endpoint = running.greeting() {
            return hold(running, endpoint)
        }
        guard let python = configuration.python else {
            throw ModelError(
                .unavailable,
                "the local model needs Python 3.10 or newer to host its engine; on Debian: apt install python3 python3-venv"
            )
        }
        let scripts = try EngineScripts(in: configuration.cacheDirectory)
        let program = EngineProgram(python: python, scripts: scripts, configuration: configuration, place: place)
        try await program.fetchWhatIsMissing(weights, progress)
        try await progress(.progress("starting the local model"))
        try await program.start()
        let lease = try Lease(path: place.leaseSocket)
        guard let endpoint = lease.greeting() else {
            throw ModelError(.unavailable, "the local engine started but does not answer on \(place.leaseSocket)")
        }
        return hold(lease, endpoint)
    }

    private func hold(_ lease: Lease, _ endpoint: Endpoint) -> Endpoint {
        self.lease = lease
        self.endpoint = endpoint
        return endpoint
    }
}
