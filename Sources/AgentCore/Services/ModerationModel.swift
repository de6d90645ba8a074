// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something that sorts texts or conversations into categories: moderation, or a classifier of one's own.
public protocol ModerationModel: Sendable {
    /// The name that results show, such as `mistral-moderation-latest`.
    var name: String { get }

    /// - Parameter onEvent: retries.
    /// - Returns: one verdict for each input, in the order of the inputs.
    /// - Throws: ``ModelError``, or `CancellationError`.
    func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse
}

extension ModerationModel {
    public func moderate(_ texts: [String]) async throws -> ModerationResponse {
        try await moderate(.texts(texts), onEvent: { _ in })
    }
}

/// What is to be judged.
public enum ModerationInput: Sendable, Equatable {
    case texts([String])
    /// Of each conversation the last turn is judged, in its context.
    case conversations([[Message]])
}

/// Verdicts, one for each input.
public struct ModerationResponse: Sendable, Equatable {
    public struct Verdict: Sendable, Equatable {
        /// By the provider's names, which are an open set: 9, 11 or other categories.
        public var categories: [(name: String, isFlagged: Bool, score: Double)]
        /// The verdict in the provider's form, unknown fields included.
        public var fields: JSONObject

        public init(categories: [(name: String, isFlagged: Bool, score: Double)], fields: JSONObject) {
            self.categories = categories
            self.fields = fields
        }

        /// Whether any category is flagged.
        public var isFlagged: Bool { categories.contains(where: \.isFlagged) }

        public static func == (left: Verdict, right: Verdict) -> Bool { left.fields == right.fields }
    }

    public var id: String
    public var model: String
    public var verdicts: [Verdict]
    public var usage: Usage

    public init(id: String = "", model: String, verdicts: [Verdict], usage: Usage = Usage()) {
        self.id = id
        self.model = model
        self.verdicts = verdicts
        self.usage = usage
    }
}
