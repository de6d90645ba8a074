// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import ECMARegex

/// Holds texts to a regular expression of ECMA-262, Unicode mode, in one of two ways: it must match, or it must not.
///
/// A search that takes more steps than ``/ECMARegex/ECMARegex/stepLimit(forBytes:)`` allows is given up, and the text counts as not
/// judged: the pattern can be written by anybody and the text by anybody else, without one of them stopping the run.
public struct RegexGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    public enum Requirement: String, Sendable, CaseIterable {
        case match
        case notMatch = "not_match"
    }

    public let name: String
    public let pattern: String
    /// What is asked of a text.
    public let must: Requirement
    /// What becomes of a text that is not as it must be. ``GuardrailAction/replace`` puts ``replacement`` in the place of each match,
    /// or of the whole text when it must match and does not.
    public let action: GuardrailAction
    /// By default `[removed]`. It is taken as it is: `$1` has no meaning.
    public let replacement: String
    private let regex: ECMARegex
    private let finder: ECMARegexFinder

    /// - Parameter pattern: `(?i:…)` for any case; it may match anywhere in the text, `^` and `$` are its ends.
    /// - Throws: ``ECMARegexError`` when the pattern is malformed or too large.
    public init(
        pattern: String, must: Requirement = .notMatch, action: GuardrailAction = .block,
        replacement: String = "[removed]",
        name: String = "regex"
    ) throws(ECMARegexError) {
        self.name = name
        self.pattern = pattern
        self.must = must
        self.action = action
        self.replacement = replacement
        regex = try ECMARegex(pattern)
        finder = try ECMARegexFinder(pattern)
    }

    /// What must match is judged as a whole; what must not is found in each sentence together with the 1024 bytes before it.
    public var judgesSentences: Bool { must == .notMatch && !pattern.contains("$") && !pattern.contains("^") }

    /// - Throws: ``PatternGuardrailError`` when the search is given up.
    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        switch must {
        case .match:
            guard subject.isFinal, try !matches(subject.before + subject.text) else { return .pass }
            let finding = GuardrailFinding("the text does not match the pattern that it must match", category: name)
            return action.verdict(finding, replacement: replacement)
        case .notMatch: return try verdictOfMatches(subject)
        }
    }

    private func verdictOfMatches(_ subject: GuardrailSubject) throws -> GuardrailVerdict {
        let before = Array(subject.before.utf8.suffix(1024).drop { $0 & 0xC0 == 0x80 })
        let text = before + Array(subject.text.utf8)
        guard try matches(text) else { return .pass }
        guard let all = text.withUnsafeBufferPointer({ finder.ranges(in: $0) }) else { throw tooManySteps(text) }
        let found = all.filter { $0.upperBound > before.count || $0.isEmpty && $0.upperBound == before.count }
        guard !found.isEmpty else { return .pass }
        let count = found.count == 1 ? "a match" : "\(found.count) matches"
        let finding = GuardrailFinding("\(count) of a pattern that must not match", category: name)
        guard action == .replace else { return action.verdict(finding, replacement: "") }
        let clipped = found.map { max(0, $0.lowerBound - before.count)..<$0.upperBound - before.count }
        return try replaced(Array(subject.text.utf8), clipped, before: before, finding)
    }

    /// What still matches after replacing is blocked: a text that must not match never passes.
    private func replaced(
        _ text: [UInt8], _ found: [Range<Int>], before: [UInt8], _ finding: GuardrailFinding
    ) throws -> GuardrailVerdict {
        let isJSON = FoundTextReplacement.isDocument(text)
        let finds = found.filter { !$0.isEmpty }.map { (range: $0, words: replacement) }
        let result = FoundTextReplacement(text, isJSON: isJSON).replacing(finds)
        let all = before + result
        guard let left = all.withUnsafeBufferPointer({ finder.ranges(in: $0) }) else { throw tooManySteps(all) }
        let isClean = left.allSatisfy {
            $0.upperBound <= before.count && !($0.isEmpty && $0.upperBound == before.count)
        }
        guard isClean, !isJSON || FoundTextReplacement.isDocument(result) else {
            var blocked = finding
            blocked.reason += ", which cannot be replaced"
            return .block(blocked)
        }
        return .replace(String(decoding: result, as: UTF8.self), finding)
    }

    private func matches(_ text: String) throws -> Bool { try matches(Array(text.utf8)) }

    private func matches(_ text: [UInt8]) throws -> Bool {
        switch text.withUnsafeBufferPointer({ regex.search($0) }) {
        case .match: true
        case .noMatch: false
        case .exhausted: throw tooManySteps(text)
        }
    }

    private func tooManySteps(_ text: [UInt8]) -> PatternGuardrailError { .tooManySteps(bytes: text.count) }
}
