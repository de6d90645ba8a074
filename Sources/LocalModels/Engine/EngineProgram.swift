// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import JSONCore
import Subprocess
import SystemPackage

/// Runs the Python programs that fetch and start the engine.
struct EngineProgram: Sendable {
    let python: String
    let scripts: EngineScripts
    let configuration: LocalConfiguration
    let place: EnginePlace

    // MARK: - Fetching

    /// Fetches engine and weights unless they are there, or others are named by the environment.
    func fetchWhatIsMissing(
        _ weights: ModelManifest.Weights?, _ progress: @Sendable (ModelEvent) async throws -> Void
    ) async throws {
        if weights == nil && configuration.llamaServer != nil { return }
        if isPresent(weights) { return }
        var arguments = [scripts.fetch, configuration.cacheDirectory, scripts.manifest]
        if let weights { arguments += ["--model", weights.name] }
        if configuration.llamaServer != nil { arguments.append("--no-engine") }
        if weights == nil { arguments.append("--no-model") }
        try await FetchProgram(python: python).run(arguments, progress)
    }

    private func isPresent(_ weights: ModelManifest.Weights?) -> Bool {
        let hasEngine =
            configuration.llamaServer != nil || access(place.enginePath + "/xllamacpp/__init__.py", R_OK) == 0
        guard let weights else { return hasEngine }
        var info = stat()
        return hasEngine && stat(place.model, &info) == 0 && Int(info.st_size) == weights.bytes
    }

    // MARK: - Starting

    /// Starts the engine, or waits for the one that somebody else starts.
    func start() async throws {
        var arguments = [
            scripts.engine, "--runtime-dir", place.runtimeDirectory, "--model", place.model, "--idle",
            "\(configuration.idleSeconds)", "--context", "\(place.context)",
        ]
        if let server = configuration.llamaServer {
            arguments += ["--llama-server", server]
        } else {
            arguments += ["--engine-path", place.enginePath]
        }
        if place.servesEmbeddings { arguments.append("--embeddings") }
        let result = try await PythonProgram.running(python) {
            try await Subprocess.run(
                .path(FilePath(python)), arguments: .init(arguments), environment: ChildProcess.environment(),
                platformOptions: PythonProgram.options, input: .none, output: .discarded,
                error: .string(limit: PythonProgram.errorBytes))
        }
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let reason = PythonProgram.reason(python, result.standardError, result.terminationStatus)
            throw ModelError(.unavailable, "the local model did not start: \(reason)")
        }
    }
}
