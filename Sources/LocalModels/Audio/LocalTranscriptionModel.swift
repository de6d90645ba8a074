// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Transcription on this machine.
struct LocalTranscriptionModel: TranscriptionModel {
    let name: String
    let configuration: LocalConfiguration

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        throw ModelError(.unavailable, "local transcription is not in this version yet")
    }
}
