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
        try await fetch(arguments, progress)
    }

    private func isPresent(_ weights: ModelManifest.Weights?) -> Bool {
        let hasEngine =
            configuration.llamaServer != nil || access(place.enginePath + "/xllamacpp/__init__.py", R_OK) == 0
        guard let weights else { return hasEngine }
        var info = stat()
        return hasEngine && stat(place.model, &info) == 0 && Int(info.st_size) == weights.bytes
    }

    private func fetch(_ arguments: [String], _ progress: @Sendable (ModelEvent) async throws -> Void) async throws {
        let result = try await running {
            try await Subprocess.run(
                .path(FilePath(python)), arguments: .init(arguments), environment: Self.environment,
                platformOptions: Self.options, input: .none, output: .sequence, error: .string(limit: Self.errorBytes)
            ) { execution in
                var failure: String?
                for try await line in execution.standardOutput.strings() {
                    guard let event = try? JSONValue(parsing: line) else { continue }
                    if event["event"]?.stringValue == "error" { failure = event["message"]?.stringValue }
                    if let text = FetchProgress.text(event) { try await progress(.progress(text)) }
                }
                return failure
            }
        }
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let reason = result.closureResult ?? reason(result.standardError, result.terminationStatus)
            throw ModelError(.unavailable, "the local model could not be fetched: \(reason)")
        }
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
        let result = try await running {
            try await Subprocess.run(
                .path(FilePath(python)), arguments: .init(arguments), environment: Self.environment,
                platformOptions: Self.options, input: .none, output: .discarded, error: .string(limit: Self.errorBytes))
        }
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let reason = reason(result.standardError, result.terminationStatus)
            throw ModelError(.unavailable, "the local model did not start: \(reason)")
        }
    }

    // MARK: - Running Python

    private static let errorBytes = 1 << 20

    /// - Throws: ``ModelError`` in place of an error of the process, or `CancellationError`.
    private func running<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ModelError(.unavailable, "the local model needs Python, and \(python) cannot be run: \(error)")
        }
    }

    /// The last line of what the program said, else how it ended.
    private func reason(_ said: String?, _ status: TerminationStatus) -> String {
        said?.split(whereSeparator: \.isNewline).last.map(String.init) ?? "\(python): \(status)"
    }

    /// A cancelled fetch stops its downloads and clears up before it ends; it is killed when that takes too long.
    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
        return options
    }

    /// Ours without the keys of providers, which are none of the engine's business.
    private static var environment: Environment {
        .inherit.updating(["MISTRAL_API_KEY": nil, "OPENAI_API_KEY": nil])
    }
}

/// Progress of a fetch in words.
enum FetchProgress {
    static func text(_ event: JSONValue) -> String? {
        switch event["event"]?.stringValue {
        case "progress":
            guard let done = event["done"]?.integerValue, let total = event["total"]?.integerValue, total > 0 else {
                return nil
            }
            let name = event["name"]?.stringValue ?? "the local model"
            return "fetching \(name): \(bar(done, of: total)) \(done / 1_000_000) of \(total / 1_000_000) MB (once)"
        case "waiting": return "waiting: another run is fetching the local model"
        default: return nil
        }
    }

    private static func bar(_ done: Int64, of total: Int64) -> String {
        let width = 24
        let filled = Int(done * Int64(width) / total)
        return "[" + String(repeating: "#", count: filled) + String(repeating: "·", count: width - filled) + "]"
    }
}
