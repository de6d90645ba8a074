// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something that writes down what is said in a recording.
public protocol TranscriptionModel: Sendable {
    /// The name that results show, such as `voxtral-mini-latest` or `local`.
    var name: String { get }

    /// - Parameter onEvent: retries and progress, and the text piece by piece when `streams` is set.
    /// - Throws: ``ModelError``, or `CancellationError`.
    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription
}

extension TranscriptionModel {
    public func transcribe(_ audio: MediaSource) async throws -> Transcription {
        try await transcribe(TranscriptionRequest(audio), onEvent: { _ in })
    }
}

/// What is to be written down, and how. `nil` leaves a field out, so that the provider's default holds.
public struct TranscriptionRequest: Sendable, Equatable {
    public var audio: MediaSource
    /// Two letters of ISO 639-1, such as `en`; `nil` lets the model tell.
    public var language: String?
    public var temperature: Double?
    /// Whether to tell speakers apart.
    public var diarize: Bool
    /// Words to expect, 100 at most, without commas and white space.
    public var contextBias: [String]
    /// `segment`, `word` or both.
    public var timestampGranularities: [String]
    /// Whether pieces are wanted while they arrive.
    public var streams: Bool

    public init(
        _ audio: MediaSource, language: String? = nil, temperature: Double? = nil, diarize: Bool = false,
        contextBias: [String] = [], timestampGranularities: [String] = [], streams: Bool = false
    ) {
        self.audio = audio
        self.language = language
        self.temperature = temperature
        self.diarize = diarize
        self.contextBias = contextBias
        self.timestampGranularities = timestampGranularities
        self.streams = streams
    }
}

/// What was said.
public struct Transcription: Sendable, Equatable {
    public struct Segment: Sendable, Equatable {
        public var text: String
        /// Seconds from the start of the recording.
        public var start: Double
        public var end: Double
        /// Who speaks, when speakers were told apart.
        public var speaker: String?

        public init(text: String, start: Double, end: Double, speaker: String? = nil) {
            self.text = text
            self.start = start
            self.end = end
            self.speaker = speaker
        }
    }

    /// The response in the provider's form, unknown fields included.
    public var fields: JSONObject
    public var text: String
    public var language: String?
    /// Empty unless timestamps or speakers were asked for.
    public var segments: [Segment]
    public var usage: Usage

    public init(
        fields: JSONObject, text: String, language: String? = nil, segments: [Segment] = [], usage: Usage = Usage()
    ) {
        self.fields = fields
        self.text = text
        self.language = language
        self.segments = segments
        self.usage = usage
    }
}
