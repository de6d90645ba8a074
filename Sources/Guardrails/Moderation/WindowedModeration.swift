// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import JSONCore

/// A moderation service that is given long texts in overlapping pieces, as ``ModerationGuardrail/textWindow`` says, and whose worst
/// verdict of each category counts. Conversations go as they are.
public struct WindowedModeration: ModerationModel {
    public var name: String { model.name }
    private let model: any ModerationModel
    private static let windows = TextWindows(length: ModerationGuardrail.textWindow, overlap: 200)

    public init(_ model: any ModerationModel) { self.model = model }

    public func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        guard case .texts(let texts) = input else { return try await model.moderate(input, onEvent: onEvent) }
        let pieces = texts.map(Self.windows.pieces)
        var response = try await model.moderate(.texts(pieces.flatMap(\.self)), onEvent: onEvent)
        guard response.verdicts.count == pieces.reduce(0, { $0 + $1.count }) else {
            throw ModelError(
                .invalidResponse, "\(name) gave \(response.verdicts.count) verdicts for \(pieces.joined().count) texts")
        }
        var rest = response.verdicts[...]
        response.verdicts = pieces.map { pieces in
            defer { rest = rest.dropFirst(pieces.count) }
            return rest.prefix(pieces.count).dropFirst().reduce(rest[rest.startIndex], Self.worst)
        }
        return response
    }

    private typealias Verdict = ModerationResponse.Verdict

    /// Both in one: a category of either is flagged when one flags it, with the higher score. A score that is missing or no number
    /// stays what it is, so that it is not covered up.
    private static func worst(_ one: Verdict, _ other: Verdict) -> Verdict {
        var worst = one
        for category in other.categories {
            guard let place = worst.categories.firstIndex(where: { $0.name == category.name }) else {
                worst.categories.append(category)
                continue
            }
            worst.categories[place].isFlagged = worst.categories[place].isFlagged || category.isFlagged
            let score = worst.categories[place].score
            worst.categories[place].score = score.isNaN || category.score.isNaN ? .nan : max(score, category.score)
        }
        worst.fields["categories"] = merged("categories", one, other) { a, b in
            guard let a = a.boolValue, let b = b.boolValue else { return nil }
            return .bool(a || b)
        }
        worst.fields["category_scores"] = merged("category_scores", one, other) { a, b in
            guard let a = a.doubleValue, let b = b.doubleValue else { return nil }
            return .number(max(a, b))
        }
        return worst
    }

    private static func merged(
        _ key: String, _ one: Verdict, _ other: Verdict, _ merge: (JSONValue, JSONValue) -> JSONValue?
    ) -> JSONValue? {
        guard let left = one.fields[key]?.objectValue, let right = other.fields[key]?.objectValue else { return nil }
        var result: JSONObject = [:]
        for (name, value) in left { result[name] = right[name].flatMap { merge(value, $0) } }
        return .object(result)
    }
}
