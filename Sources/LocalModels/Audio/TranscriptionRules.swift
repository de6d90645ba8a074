// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What local transcription can do of what may be asked.
enum TranscriptionRules {
    /// - Parameter model: names the model in errors.
    /// - Throws: ``ModelError/Code/invalidRequest`` that names the first field that asks for something else.
    static func check(_ request: TranscriptionRequest, model: String) throws {
        if let language = request.language, language.lowercased() != "en" {
            throw refusal("language", "\(model) hears English only, found \"\(language.prefix(20))\"")
        }
        if let temperature = request.temperature, !(0...1).contains(temperature) {
            throw refusal("temperature", "expected 0 to 1, found \(temperature)")
        }
        if request.diarize { throw refusal("diarize", "\(model) does not tell speakers apart; leave it out") }
        if !request.contextBias.isEmpty {
            throw refusal("context_bias", "\(model) cannot be told which words to expect; leave it out")
        }
        for granularity in request.timestampGranularities where !["segment", "word"].contains(granularity) {
            throw refusal(
                "timestamp_granularities", "expected \"segment\" or \"word\", found \"\(granularity.prefix(20))\"")
        }
    }

    private static func refusal(_ field: String, _ reason: String) -> ModelError {
        ModelError(.invalidRequest, "\(field): \(reason)")
    }
}
