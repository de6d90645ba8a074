// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct TranscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcribe", _superCommandName: "agent", abstract: "Writes down what is said in a recording.",
        discussion: """
            stdout gets the text. With --timestamps or --diarize it gets a line a segment: from, to, who, and what is said.
            """)

    @OptionGroup var service: ServiceModelOption
    @OptionGroup var options: ServiceOptions
    @Option(help: ArgumentHelp("Two letters, such as en; not together with --timestamps.", valueName: "code"))
    var language: String?
    @Option(help: "Times for each segment or word.")
    var timestamps: [String] = []
    @Flag(help: "Tell speakers apart.")
    var diarize = false
    @Option(help: ArgumentHelp("Words to expect, such as names.", valueName: "word,…"))
    var contextBias: [String] = []
    @Option(help: ArgumentHelp("Sampling temperature, 0 or more.", valueName: "x"))
    var temperature: Double?
    @Flag(help: "Print the text while it arrives.")
    var stream = false
    @Argument(help: ArgumentHelp("Files or addresses.", valueName: "recording")) var recordings: [String]

    func validate() throws {
        if let problem = request(.uploaded(id: "")).problem { throw ValidationError(problem) }
        if let temperature, !(temperature >= 0 && temperature.isFinite) {
            throw ValidationError("--temperature: expected 0 or more, found \(temperature)")
        }
        if stream && (options.json || showsSegments) {
            throw ValidationError("--stream prints plain text; leave out --json, --timestamps and --diarize")
        }
    }

    func run() async throws {
        let session = try ServiceSession(options)
        try await session.run {
            let requests = try recordings.map { request(try TextArguments.media($0)) }
            let model = try session.services.transcriptionModel(service.model)
            for (recording, request) in zip(recordings, requests) {
                session.progress("listening to \(recording)")
                let transcription = try await model.transcribe(request) { event in
                    if case .text(let text) = event { session.emit(text) } else { session.show(event) }
                }
                session.use(transcription.usage)
                try show(transcription, session)
            }
        }
    }

    private var showsSegments: Bool { diarize || !timestamps.isEmpty }

    private func request(_ audio: MediaSource) -> TranscriptionRequest {
        TranscriptionRequest(
            audio, language: language, temperature: temperature, diarize: diarize,
            contextBias: contextBias.flatMap { $0.split(separator: ",").map(String.init) },
            timestampGranularities: timestamps.flatMap { $0.split(separator: ",").map(String.init) },
            streams: stream)
    }

    private func show(_ transcription: Transcription, _ session: ServiceSession) throws {
        if options.json { return try session.emit(transcription.scriptValue) }
        if stream { return session.emit("\n") }
        guard showsSegments, !transcription.segments.isEmpty else { return session.emit(transcription.text + "\n") }
        for segment in transcription.segments {
            let speaker = segment.speaker.map { "\($0): " } ?? ""
            let text = segment.text.drop { $0 == " " }
            session.emit("\(Self.clock(segment.start)) --> \(Self.clock(segment.end))  \(speaker)\(text)\n")
        }
    }

    /// `00:03:23.450`.
    static func clock(_ seconds: Double) -> String {
        let thousandths = seconds.isFinite && seconds > 0 ? Int(min(seconds * 1000, 1e12).rounded()) : 0
        let parts = [thousandths / 3_600_000, thousandths / 60_000 % 60, thousandths / 1000 % 60]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + "."
            + String(thousandths % 1000 + 1000).suffix(3)
    }
}
