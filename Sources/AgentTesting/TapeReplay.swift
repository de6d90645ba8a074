// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import JSONCore

/// A run is not what is on its tape.
public struct TapeMiss: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was asked that is not on the tape, or what is on it that was not asked for; and the nearest recording's difference.
    public let description: String
}

/// One replay of a tape.
package struct TapeReplay: Sendable {
    package let recorder: RunRecorder
    package let tape: Tape

    package init(_ tape: Tape, secrets: SecretRedactor = SecretRedactor()) {
        self.tape = tape
        recorder = RunRecorder(
            tape.run.info, journal: MemoryJournal(tape.run.info), recording: tape.run, mode: .replay, secrets: secrets)
    }

    /// What the run asked that is not on the tape; `nil` when there was nothing.
    package var miss: TapeMiss? {
        guard let failure = recorder.failure else { return nil }
        guard let missed = recorder.missed else { return TapeMiss(description: failure.description) }
        return TapeMiss(description: NearestRecording(of: missed, in: tape.run.records).description)
    }

    /// What is on the tape that the run has not asked for; `nil` when there is nothing.
    package var leftOver: TapeMiss? {
        do {
            try recorder.checkComplete()
            return nil
        } catch {
            return TapeMiss(description: "the tape is not used up: \(error)")
        }
    }
}
