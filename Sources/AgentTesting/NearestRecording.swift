// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import JSONCore

/// A request that is not on a tape, beside the one on the tape that is most like it.
package struct NearestRecording: CustomStringConvertible {
    private let asked: JournalRecord
    private let nearest: JournalRecord?

    package init(of asked: JournalRecord, in records: [JournalRecord]) {
        self.asked = asked
        let value = asked.comparedValue
        // Of the same kind first, then of the same name, then the more that is the same.
        nearest = records.max { left, right in
            Self.likeness(left, asked, value) < Self.likeness(right, asked, value)
        }
    }

    package var description: String {
        let what = "the run asks for \(asked.what)\(asked.shownRequest), which is not on the tape"
        guard let nearest else { return "\(what); the tape is empty" }
        guard nearest.operation == asked.operation else { return "\(what); there is no \(asked.operation) on it" }
        return "\(what)\n  the nearest is record \(nearest.number) (\(nearest.what)): \(difference(from: nearest))"
    }

    private func difference(from record: JournalRecord) -> String {
        if record.name != asked.name { return "name: recorded \"\(record.name)\", now \"\(asked.name)\"" }
        let (recorded, now) = (record.comparedValue, asked.comparedValue)
        guard recorded != now else { return "the same, but it was asked at another place of the run" }
        let pointer = recorded.firstDifference(to: now)
        let (left, right) = Self.sides(pointer.value(in: recorded), pointer.value(in: now))
        return "\(pointer): recorded \(left), now \(right)"
    }

    private static func likeness(
        _ record: JournalRecord, _ asked: JournalRecord, _ value: JSONValue
    ) -> (Int, Int, Double, Int) {
        (
            record.operation == asked.operation ? 1 : 0, record.name == asked.name ? 1 : 0,
            record.comparedValue.likeness(to: value), -record.number
        )
    }

    // MARK: - Showing

    private static let shownCharacters = 160

    /// Both sides; of long texts the part where they begin to differ.
    private static func sides(_ left: JSONValue?, _ right: JSONValue?) -> (String, String) {
        guard case .string(let one)? = left, case .string(let other)? = right else {
            return (shown(left), shown(right))
        }
        let same = zip(one, other).prefix { $0 == $1 }.count
        let start = same > 60 ? same - 30 : 0
        func part(_ text: String) -> String { (start > 0 ? "…" : "") + shown(.string(String(text.dropFirst(start)))) }
        return (part(one), part(other))
    }

    fileprivate static func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let text = (try? value.serialized()) ?? "?"
        return text.count > shownCharacters ? text.prefix(shownCharacters) + "…" : text
    }
}

extension JournalRecord {
    fileprivate var what: String { name.isEmpty ? operation : "\(operation) \(name)" }

    fileprivate var shownRequest: String {
        if let last = messages.last {
            let count = messages.count == 1 ? "the message" : "\(messages.count) messages, the last"
            return " with \(count) \(NearestRecording.shown(.string(last.text)))"
        }
        return request.isNull ? "" : " \(NearestRecording.shown(request))"
    }

    /// All that a request is compared by, as one document.
    fileprivate var comparedValue: JSONValue {
        var fields: JSONObject = [:]
        if !messages.isEmpty { fields["messages"] = .array(messages.map(\.journalValue)) }
        if !request.isNull { fields["request"] = request }
        return .object(fields)
    }
}

extension JSONValue {
    /// From 0, nothing in common, to 1, the same.
    fileprivate func likeness(to other: JSONValue) -> Double {
        let (same, all) = shared(with: other)
        return all == 0 ? 1 : Double(same) / Double(all)
    }

    /// How many of the leaves of both are the same at the same place, and how many places there are.
    private func shared(with other: JSONValue) -> (same: Int, all: Int) {
        switch (self, other) {
        case (.object(let mine), .object(let others)):
            var sum = (same: 0, all: 0)
            for (key, value) in mine {
                let (same, all) = others[key].map(value.shared) ?? (0, value.leafCount)
                sum = (sum.same + same, sum.all + all)
            }
            for (key, value) in others where mine[key] == nil { sum.all += value.leafCount }
            return sum
        case (.array(let mine), .array(let others)):
            var sum = (same: 0, all: 0)
            for (left, right) in zip(mine, others) {
                let (same, all) = left.shared(with: right)
                sum = (sum.same + same, sum.all + all)
            }
            let rest = mine.dropFirst(others.count) + others.dropFirst(mine.count)
            return (sum.same, sum.all + rest.reduce(0) { $0 + $1.leafCount })
        default: return (self == other ? 1 : 0, 1)
        }
    }

    private var leafCount: Int {
        switch self {
        case .object(let members): members.reduce(0) { $0 + $1.value.leafCount }
        case .array(let values): values.reduce(0) { $0 + $1.leafCount }
        default: 1
        }
    }
}
