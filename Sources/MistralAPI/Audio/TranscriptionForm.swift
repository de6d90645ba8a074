// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore

/// The form of `POST /v1/audio/transcriptions`, with the fields in the order in which the official SDK sends them.
struct TranscriptionForm: Sendable {
    let model: String
    let request: TranscriptionRequest

    /// - Throws: ``ModelError/Code/invalidRequest`` for a field that the API would refuse, or a file that cannot be read.
    init(model: String, request: TranscriptionRequest) throws(ModelError) {
        self.model = model
        self.request = request
        try check()
    }

    /// Without a file a plain form; with one, a form in parts that is sent from disk.
    func content() throws(ModelError) -> APIClient.Content {
        switch request.audio {
        case .url(let url): return .form(fields(source: ("file_url", url)))
        case .uploaded(let id): return .form(fields(source: ("file_id", id)))
        case .file(let path):
            var form = MultipartForm()
            for field in fields(source: nil) { form.append(field.name, field.value) }
            do throws(HTTPTransportError) {
                let name = path.split(separator: "/").last.map(String.init) ?? "audio"
                form.append("file", filename: name, try .file(path))
            } catch {
                throw ModelError(.invalidRequest, "the recording cannot be read: \(error)")
            }
            return .form(form)
        }
    }

    /// - Parameter source: the field that names the recording, unless it comes as a file.
    func fields(source: (name: String, value: String)?) -> [(name: String, value: String)] {
        var fields = [("model", model)]
        if let source { fields.append(source) }
        if let language = request.language { fields.append(("language", language)) }
        if let temperature = request.temperature { fields.append(("temperature", "\(temperature)")) }
        fields += [("stream", "\(request.streams)"), ("diarize", "\(request.diarize)")]
        fields += request.contextBias.map { ("context_bias", $0) }
        fields += request.timestampGranularities.map { ("timestamp_granularities", $0) }
        return fields.map { (name: $0.0, value: $0.1) }
    }

    private func check() throws(ModelError) {
        if let language = request.language {
            guard language.utf8.count == 2, language.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
                throw MistralRule.refusal("language", "two letters, such as \"en\"", "\"\(language.prefix(80))\"")
            }
            guard request.timestampGranularities.isEmpty else {
                throw ModelError(
                    .invalidRequest,
                    "language and timestamp_granularities exclude each other in this API; leave one out")
            }
        }
        guard request.contextBias.count <= 100 else {
            throw MistralRule.refusal("context_bias", "at most 100 words", "\(request.contextBias.count)")
        }
        let isWord = { (word: String) in !word.isEmpty && !word.contains { $0 == "," || $0.isWhitespace } }
        if let word = request.contextBias.first(where: { !isWord($0) }) {
            throw MistralRule.refusal("context_bias", "words without commas and white space", "\"\(word.prefix(80))\"")
        }
        for word in request.timestampGranularities {
            try MistralRule.check("timestamp_granularities", word, isOneOf: ["segment", "word"])
        }
        if let temperature = request.temperature, !(temperature >= 0 && temperature.isFinite) {
            throw MistralRule.refusal("temperature", "0 or more", "\(temperature)")
        }
    }
}
