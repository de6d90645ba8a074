// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What a guardrail that looks for patterns says of a text.
struct PatternJudge<Finder: TextFinder> {
    let finder: Finder
    let action: GuardrailAction

    /// - Throws: ``PatternGuardrailError`` when what is left after replacing still has finds, or is no JSON where the text was.
    func verdict(_ subject: GuardrailSubject) throws -> GuardrailVerdict {
        let before = Array(subject.before.utf8.suffix(finder.contextBytes).drop { $0 & 0xC0 == 0x80 })
        let found = finds(in: Array(subject.text.utf8), before: before)
        guard let first = found.first else { return .pass }
        let finding = GuardrailFinding(reason(found), category: first.kind.rawValue)
        guard action == .replace else { return action.verdict(finding, replacement: "") }
        return .replace(try replaced(subject.text, found, before: before), finding)
    }

    /// What stands in `text`, or goes on in it, counted from its beginning; but for what has been replaced already.
    private func finds(in text: [UInt8], before: [UInt8]) -> [TextFind<Finder.Kind>] {
        let all = before + text
        return finder.finds(in: all).compactMap { find in
            guard find.range.upperBound > before.count else { return nil }
            let isRest = find.range.lowerBound < before.count
            let end = (isRest ? finder.end(ofRest: find, in: all) : find.range.upperBound) - before.count
            let start = isRest ? 0 : find.range.lowerBound - before.count
            guard start < end else { return nil }
            let range = start..<end
            let words = text[range].drop(while: \.isSpace)
            let isReplaced = words.isEmpty || words.elementsEqual(finder.placeholder(for: find.kind).utf8)
            return isReplaced ? nil : TextFind(find.kind, range)
        }
    }

    /// `personal data: email (2), phone`
    private func reason(_ found: [TextFind<Finder.Kind>]) -> String {
        var counts: [(kind: Finder.Kind, count: Int)] = []
        for find in found {
            if let index = counts.firstIndex(where: { $0.kind == find.kind }) {
                counts[index].count += 1
            } else {
                counts.append((find.kind, 1))
            }
        }
        let kinds = counts.map { $0.count == 1 ? $0.kind.rawValue : "\($0.kind.rawValue) (\($0.count))" }
        return "\(finder.subject): \(kinds.joined(separator: ", "))"
    }

    private func replaced(_ text: String, _ found: [TextFind<Finder.Kind>], before: [UInt8]) throws -> String {
        let bytes = Array(text.utf8)
        let isJSON = FoundTextReplacement.isDocument(bytes)
        var result = try replaced(bytes, found, before: before, isJSON: isJSON, isNumbered: false)
        // Two keys of one object that differed in a find must differ still.
        if isJSON, !FoundTextReplacement.isDocument(result) {
            result = try replaced(bytes, found, before: before, isJSON: isJSON, isNumbered: true)
            guard FoundTextReplacement.isDocument(result) else { throw PatternGuardrailError.noDocument }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What a replacement leaves may be a find that another one had hidden, so it is judged again, a few times at most.
    private func replaced(
        _ text: [UInt8], _ found: [TextFind<Finder.Kind>], before: [UInt8], isJSON: Bool, isNumbered: Bool
    ) throws -> [UInt8] {
        var (bytes, found, number) = (text, found, 0)
        for _ in 0..<8 {
            let words = found.map { find in
                number += 1
                let placeholder = finder.placeholder(for: find.kind)
                return (range: find.range, words: isNumbered ? "\(placeholder.dropLast()) \(number)]" : placeholder)
            }
            bytes = FoundTextReplacement(bytes, isJSON: isJSON).replacing(words)
            found = finds(in: bytes, before: before)
            if found.isEmpty { return bytes }
        }
        throw PatternGuardrailError.notReplaceable(finder.subject)
    }
}

/// Why a text could not be judged.
public enum PatternGuardrailError: Error, Sendable, Equatable, CustomStringConvertible {
    /// After every find was replaced, eight times over, there still were some.
    case notReplaceable(String)
    /// The text was JSON and would not have been after replacing.
    case noDocument
    /// The search for a pattern took more steps than a text of this many bytes may take.
    case tooManySteps(bytes: Int)

    public var description: String {
        switch self {
        case .notReplaceable(let subject):
            "\(subject) could not be replaced: what was left still held some; use the action \"block\" for such texts"
        case .noDocument:
            "the text is JSON and would not be after replacing; use the action \"block\" for such texts"
        case .tooManySteps(let bytes):
            "the pattern takes too many steps for a text of \(bytes) bytes; write it without nested or neighbouring repetitions"
        }
    }
}
