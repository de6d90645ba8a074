// SPDX-License-Identifier: Apache-2.0

public import JSONCore
import Synchronization

/// Takes secrets out of what is shown or kept beside the answer: events, log lines, error messages.
///
/// A secret is found as it is and in the forms it takes on its way: JSON-escaped, percent-encoded, hexadecimal, and base64
/// wherever in a longer text it begins. Each find, overlapping ones together, becomes ``replacement``.
///
/// Not found are secrets shorter than ``minimumBytes``, and what a program made of a secret otherwise: reversed, encrypted, cut
/// in two. Redaction guards against accidents; what keeps a script from giving a secret away are its grants.
public final class SecretRedactor: Sendable {
    /// Shorter values are not noted: they would be found in everything.
    public static let minimumBytes = 6
    /// A line of a secret of many lines, such as a key file, is a secret of its own from this length.
    static let minimumLineBytes = 16
    /// What stands in the place of a secret.
    public static let replacement = "[redacted]"

    private let state = Mutex((noted: Set<[UInt8]>(), patterns: SecretPatterns()))

    public init() {}

    /// Remembers a secret for as long as the redactor lives. Noting it again costs nothing.
    public func note(_ secret: String) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.minimumBytes else { return }
        state.withLock { state in
            guard state.noted.insert(bytes).inserted else { return }
            let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }.map(SecretForms.trimmed)
            state.patterns.insert(SecretForms.all(of: bytes))
            for line in [SecretForms.trimmed(bytes[...])] + lines
            where line != bytes && line.count >= (lines.count == 1 ? Self.minimumBytes : Self.minimumLineBytes) {
                state.patterns.insert(SecretForms.all(of: line))
            }
        }
    }

    /// `text` with every secret replaced; `text` itself when there is none in it.
    public func redact(_ text: String) -> String {
        let patterns = patterns
        guard !patterns.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let found = patterns.ranges(in: bytes)
        return found.isEmpty ? text : String(decoding: Self.replacing(found, in: bytes[...]), as: UTF8.self)
    }

    /// Every string of `value` with its secrets replaced, names of members too.
    public func redact(_ value: JSONValue) -> JSONValue {
        guard !patterns.isEmpty else { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let values): return .array(values.map { redact($0) })
        case .object(let members): return .object(redact(members))
        case .integer, .number:
            // A secret may be all digits.
            guard let digits = try? value.serialized(), redact(digits) != digits else { return value }
            return .string(Self.replacement)
        default: return value
        }
    }

    public func redact(_ members: JSONObject) -> JSONObject {
        guard !patterns.isEmpty else { return members }
        var result = JSONObject()
        for (name, value) in members {
            var shown = redact(name)
            // Two names that differ in their secrets alone must not become one member.
            while result[shown] != nil { shown += "'" }
            result[shown] = redact(value)
        }
        return result
    }

    var patterns: SecretPatterns { state.withLock(\.patterns) }

    /// `bytes` with each of `ranges`, which are apart and in order, replaced.
    static func replacing(_ ranges: [Range<Int>], in bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var start = bytes.startIndex
        for range in ranges {
            result += bytes[start..<range.lowerBound]
            result += Array(replacement.utf8)
            start = range.upperBound
        }
        return result + bytes[start...]
    }
}
