// SPDX-License-Identifier: Apache-2.0

public import JSONCore

// What scripts and the shell's --json see.

extension IndexHit {
    public var json: JSONValue {
        [
            "citation": .string(citation), "score": .number(score), "path": .string(path),
            "first_line": .integer(Int64(lines.lowerBound)), "last_line": .integer(Int64(lines.upperBound)),
            "heading": .string(heading), "text": .string(text),
        ]
    }
}

extension IndexReport {
    public var json: JSONValue {
        [
            "added": .integer(Int64(added)), "updated": .integer(Int64(updated)),
            "unchanged": .integer(Int64(unchanged)), "removed": .integer(Int64(removed)),
            "embedded": .integer(Int64(embedded)), "reused": .integer(Int64(reused)),
            "skipped": .array(skipped.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
            "usage": [
                "prompt_tokens": .integer(Int64(usage.promptTokens)),
                "total_tokens": .integer(Int64(usage.totalTokens)),
            ],
        ]
    }
}

extension IndexedDocument {
    public var json: JSONValue {
        [
            "path": .string(path), "bytes": .integer(Int64(bytes)), "passages": .integer(Int64(passages)),
            "sha256": .string(hash),
        ]
    }
}

extension IndexFacts {
    /// - Parameter path: the index's file.
    public func json(path: String) -> JSONValue {
        [
            "path": .string(path), "model": model.map { .string($0) } ?? .null,
            "dimension": dimension.map { .integer(Int64($0)) } ?? .null, "documents": .integer(Int64(documents)),
            "passages": .integer(Int64(passages)), "bytes": .integer(Int64(bytes)),
        ]
    }
}
