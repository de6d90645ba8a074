// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore

/// One case of a labelled set: what is asked, and what a good answer is.
public struct EvalCase: Sendable {
    /// Whether a text is to be let pass or stopped.
    public enum Label: String, Sendable {
        case allow, block
    }

    /// Unique within what is judged together; by default `SET:LINE`.
    public var id: String
    /// Where it stands, such as `redteam.jsonl:4`.
    public var place: String
    public var input: [Message]
    public var expected: JSONValue?
    /// What the case is of, such as `fraud`.
    public var category: String?
    public var label: Label?
    public var tags: [String]
    /// The set that it belongs to, such as `development`, `redteam` or `safety`; by default the file's name.
    public var set: String
    public var checks: [EvalCheck]
    /// Whatever else was noted of it; kept, not used.
    public var metadata: JSONValue?

    public init(
        id: String, place: String = "", input: [Message], expected: JSONValue? = nil, category: String? = nil,
        label: Label? = nil, tags: [String] = [], set: String = "", checks: [EvalCheck] = [], metadata: JSONValue? = nil
    ) {
        self.id = id
        self.place = place
        self.input = input
        self.expected = expected
        self.category = category
        self.label = label
        self.tags = tags
        self.set = set
        self.checks = checks
        self.metadata = metadata
    }

    /// What a guardrail judges, and what reports show of the input: the last message's text.
    public var text: String { input.last?.text ?? "" }

    /// Whether one of `filters` fits for each of their keys; `tag=…`, `set=…`, `category=…`, `id=…`.
    public func fits(_ filters: [(key: String, value: String)]) -> Bool {
        Set(filters.map(\.key)).allSatisfy { key in
            filters.contains { $0.key == key && values(of: key).contains($0.value) }
        }
    }

    /// The keys that ``fits(_:)`` knows.
    public static let filterKeys = ["tag", "set", "category", "id"]

    private func values(of key: String) -> [String] {
        switch key {
        case "tag": tags
        case "set": [set]
        case "category": category.map { [$0] } ?? []
        default: [id]
        }
    }
}
