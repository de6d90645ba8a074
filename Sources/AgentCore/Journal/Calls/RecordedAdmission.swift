// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Whether there was money for a call of the model when it was recorded. What is left of a limit hangs on what runs beside, and on
/// what a command had spent before: a run that comes again would not come to the same decision.
enum RecordedAdmission: Sendable, Equatable {
    /// With that many tokens for the answer at most.
    case admitted(maxTokens: Int?)
    case refused
}

extension JournalScope {
    /// What was recorded of the next call of the model on this line; `nil` when nothing was.
    var admission: RecordedAdmission? {
        guard recorder.mode != .record else { return nil }
        if let next = recorder.peek(nextPathToCome), next.operation == "model" {
            return .admitted(maxTokens: next.request["max_tokens"]?.integerValue.map { Int(clamping: $0) })
        }
        return recorded?.outcome?.value["stopped"] == "usd" ? .refused : nil
    }
}
