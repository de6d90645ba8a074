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
    /// A name of the manifest; `nil` for its default.
    private let modelName: String?
    private var lease: Lease?
    private var endpoint: Endpoint?

    init(_ configuration: LocalConfiguration, model: String?) {
        self.configuration = configuration
        modelName = model
    }

    /// The running engine.
    ///
    /// - Parameter progress: gets ``ModelEvent/progress(_:)`` in words: `fetching … 12 of 1117 MB`.
    /// - Throws: ``ModelError`` with ``ModelError/Code/unavailable`` and what to do.
    func ready(progress: @Sendable (ModelEvent) async throws -> Void) async throws -> Endpoint {
        if let endpoint, let lease, lease.isOpen { return endpoint }
        // Two runs that start at once both ask the programs, which let only one fetch and one start.
        return try await start(progress)
    }

    private func start(_ progress: @Sendable (ModelEvent) async throws -> Void) async throws -> Endpoint {
        let weights = try configuration.modelPath == nil ? ModelManifest().weights(named: modelName) : nil
        let place = try EnginePlace(configuration, weights)
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
