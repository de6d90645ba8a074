// SPDX-License-Identifier: Apache-2.0

extension RunEvent {
    /// The event without the secrets that `secrets` knows. For text that comes in pieces see ``RedactedEvents``.
    public func redacted(by secrets: SecretRedactor) -> RunEvent {
        switch self {
        case .turn, .usage: self
        case .text(let text): .text(secrets.redact(text))
        case .partial(let value): .partial(secrets.redact(value))
        case .thinking(let text): .thinking(secrets.redact(text))
        case .toolCall(let call): .toolCall(call.redacted(by: secrets))
        case .toolResult(let result): .toolResult(result.redacted(by: secrets))
        case .toolFault(let call, let description):
            .toolFault(call.redacted(by: secrets), description: secrets.redact(description))
        case .retrying(let attempt, let delay, let reason):
            .retrying(attempt: attempt, delay: delay, reason: secrets.redact(reason))
        case .progress(let text): .progress(secrets.redact(text))
        case .guardrail(let report): .guardrail(report.redacted(by: secrets))
        case .done(let result): .done(result.redacted(by: secrets))
        case .failed(let error): .failed(error.redacted(by: secrets))
        }
    }
}

extension RunResult {
    /// The result without the secrets that `secrets` knows, for a log; the answer itself is ``text`` and ``output`` as they are.
    public func redacted(by secrets: SecretRedactor) -> RunResult {
        var copy = self
        copy.text = secrets.redact(text)
        copy.output = output.map { secrets.redact($0) }
        copy.toolCalls = toolCalls.map {
            ToolCallRecord(call: $0.call.redacted(by: secrets), result: $0.result.redacted(by: secrets))
        }
        copy.messages = messages.map { $0.redacted(by: secrets) }
        copy.guardrails = guardrails.map { $0.redacted(by: secrets) }
        return copy
    }
}

extension GuardrailReport {
    func redacted(by secrets: SecretRedactor) -> GuardrailReport {
        var copy = self
        copy.finding.reason = secrets.redact(finding.reason)
        copy.text = text.map { secrets.redact($0) }
        return copy
    }
}

extension RunError {
    /// The error without the secrets that `secrets` knows. Its cause is left as it is, unless it is a ``GuardrailReport``: it
    /// has words of its own.
    public func redacted(by secrets: SecretRedactor) -> RunError {
        RunError(
            code, secrets.redact(message), cause: (cause as? GuardrailReport)?.redacted(by: secrets) ?? cause,
            attempts: attempts.map { secrets.redact($0) }, usage: usage,
            messages: messages.map { $0.redacted(by: secrets) })
    }
}
