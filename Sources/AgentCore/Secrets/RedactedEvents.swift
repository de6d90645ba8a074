// SPDX-License-Identifier: Apache-2.0

/// The events of one run without the secrets that a redactor knows, also where a secret comes in pieces.
///
/// Feed each event in order. Text that may be the beginning of a secret waits for the next piece.
public struct RedactedEvents: Sendable {
    private let secrets: SecretRedactor
    private var text = RedactedPieces()
    private var thinking = RedactedPieces()

    public init(_ secrets: SecretRedactor) { self.secrets = secrets }

    /// - Returns: what may be shown now: none, the event, or text that had waited and the event.
    public mutating func next(_ event: RunEvent) -> [RunEvent] {
        switch event {
        case .text(let piece): return Self.event(text.next(piece, secrets), RunEvent.text)
        case .thinking(let piece): return Self.event(thinking.next(piece, secrets), RunEvent.thinking)
        // These come in the midst of a text, and say nothing of it.
        case .partial, .progress, .usage, .guardrail: return [event.redacted(by: secrets)]
        default:
            return Self.event(thinking.end(secrets), RunEvent.thinking) + Self.event(text.end(secrets), RunEvent.text)
                + [event.redacted(by: secrets)]
        }
    }

    private static func event(_ text: String, _ make: (String) -> RunEvent) -> [RunEvent] {
        text.isEmpty ? [] : [make(text)]
    }
}

/// A text that comes in pieces.
struct RedactedPieces: Sendable {
    private var waiting: [UInt8] = []

    mutating func next(_ piece: String, _ secrets: SecretRedactor) -> String {
        let patterns = secrets.patterns
        if patterns.isEmpty && waiting.isEmpty { return piece }
        let bytes = waiting + Array(piece.utf8)
        let found = patterns.ranges(in: bytes)
        let open = patterns.undecided(in: bytes, found)
        waiting = Array(bytes[open...])
        return String(
            decoding: SecretRedactor.replacing(found.filter { $0.upperBound <= open }, in: bytes[..<open]),
            as: UTF8.self)
    }

    /// What still waited, at the end of the text.
    mutating func end(_ secrets: SecretRedactor) -> String {
        defer { waiting = [] }
        return secrets.redact(String(decoding: waiting, as: UTF8.self))
    }
}
