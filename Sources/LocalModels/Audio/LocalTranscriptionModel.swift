// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Subprocess
import SystemPackage

/// Whisper on this machine: a Python program for each recording, which ends with it.
struct LocalTranscriptionModel: TranscriptionModel {
    let name: String
    /// A name of the manifest; `nil` for the default.
    let modelName: String?
    let configuration: LocalConfiguration

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        let weights = try ModelManifest().weights(named: modelName, kind: .transcription)
        try TranscriptionRules.check(request, model: weights.name)
        let folder = try ScratchFolder(in: configuration.temporaryDirectory)
        let recording = try LocalMedia(request.audio, what: "the recording", folder: folder)
        guard let python = configuration.python else {
            throw ModelError(
                .unavailable,
                "local transcription needs Python 3.10 or newer; on Debian: apt install python3 python3-venv")
        }
        let scripts = try EngineScripts(in: configuration.cacheDirectory)
        let places = try await fetch(weights, python, scripts, onEvent)
        guard let engine = places["speech_engine"]?.stringValue,
            let model = places["models"]?[weights.name]?.stringValue
        else { throw ModelError(.unavailable, "the fetcher does not say where the local transcription is") }
        var arguments = [scripts.transcribe, "--engine", engine, "--model", model, "--audio", recording.path]
        if let temperature = request.temperature { arguments += ["--temperature", "\(temperature)"] }
        if request.timestampGranularities.contains("word") { arguments.append("--words") }
        if let ffmpeg = configuration.program("ffmpeg") { arguments += ["--ffmpeg", ffmpeg] }
        let lines = TranscriptionLines(model: weights.name, granularities: request.timestampGranularities)
        return try await run(python, arguments, lines, streams: request.streams, onEvent)
    }

    /// Looks first without waiting for others that fetch something.
    private func fetch(
        _ weights: ModelManifest.Weights, _ python: String, _ scripts: EngineScripts,
        _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> JSONValue {
        let arguments = [scripts.fetch, configuration.cacheDirectory, scripts.manifest, "--model", weights.name]
        let look = ProgramRun(name: "fetch.py", path: python)
        let found = try await look.run(arguments + ["--check"])
        if found.isSuccess, let places = try? JSONValue(parsing: found.output) { return places }
        return try await FetchProgram(python: python).run(arguments, onEvent)
    }

    private func run(
        _ python: String, _ arguments: [String], _ start: TranscriptionLines, streams: Bool,
        _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        let result = try await PythonProgram.running(python) {
            try await Subprocess.run(
                .path(FilePath(python)), arguments: .init(arguments), environment: ChildProcess.environment(),
                platformOptions: ChildProcess.options(.seconds(1)), input: .none, output: .sequence,
                error: .string(limit: PythonProgram.errorBytes)
            ) { execution in
                var lines = start
                for try await line in execution.standardOutput.strings() {
                    let (text, progress) = lines.feed(line)
                    if streams, let text { try await onEvent(.text(text)) }
                    if !streams, let progress { try await onEvent(.progress(progress)) }
                }
                return lines
            }
        }
        try Task.checkCancellation()
        if let failure = result.closureResult.failure { throw ModelError(.invalidRequest, failure) }
        guard case .exited(0) = result.terminationStatus else {
            let reason = PythonProgram.reason(python, result.standardError, result.terminationStatus)
            throw ModelError(.unavailable, "the local transcription failed: \(reason)")
        }
        return try result.closureResult.finish()
    }
}
