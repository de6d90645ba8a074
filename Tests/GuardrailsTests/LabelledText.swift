// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

/// A line of `personal.jsonl` or `secrets.jsonl`: pieces of text, of which those that are to be found are objects with their kind as
/// the name. Pieces are cut so that no scanner takes a made-up secret for a live one.
struct LabelledText {
    struct Find: Hashable {
        var kind: String
        var range: Range<Int>
    }

    /// One half is for tuning the finders; of the other only the figures are looked at.
    enum Half: String, CaseIterable {
        case tuning
        case heldOut = "held_out"
    }

    var half: Half
    var text = ""
    var finds: [Find] = []

    init(_ line: JSONValue) throws {
        half = try #require(line["half"]?.stringValue.flatMap(Half.init))
        for piece in try #require(line["text"]?.arrayValue) {
            guard let (kind, value) = piece.objectValue?.members.first else {
                text += try #require(piece.stringValue)
                continue
            }
            let start = text.utf8.count
            text += value.stringValue ?? (value.arrayValue ?? []).compactMap(\.stringValue).joined()
            finds.append(Find(kind: kind, range: start..<text.utf8.count))
        }
    }

    static func all(_ lines: [UInt8]) throws -> [LabelledText] {
        try lines.split(separator: UInt8(ascii: "\n")).map { try LabelledText(JSONValue(parsing: Array($0))) }
    }
}

/// How many were found rightly, wrongly, and not.
struct FindCounts {
    var right = 0
    var wrong = 0
    var missed = 0

    /// 1 when nothing was found, or nothing was to be found.
    var precision: Double { right + wrong == 0 ? 1 : Double(right) / Double(right + wrong) }
    var recall: Double { right + missed == 0 ? 1 : Double(right) / Double(right + missed) }

    static func + (left: FindCounts, right: FindCounts) -> FindCounts {
        FindCounts(right: left.right + right.right, wrong: left.wrong + right.wrong, missed: left.missed + right.missed)
    }

    var description: String {
        "precision \(Self.shown(precision)), recall \(Self.shown(recall)) (\(right) right, \(wrong) wrong, \(missed) missed)"
    }

    private static func shown(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
