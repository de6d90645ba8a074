// SPDX-License-Identifier: Apache-2.0

import AgentCore
package import JSONCore

/// Values as failures show them, no longer than what a person reads.
package enum Shown {
    static let characters = 120

    package static func text(_ text: String) -> String { value(.string(text)) }

    package static func value(_ value: JSONValue) -> String {
        let text = (try? value.serialized()) ?? "?"
        return text.count > characters ? text.prefix(characters) + "…" : text
    }

    /// What tells two values apart: the place, and both sides there. `nil` when nothing does.
    package static func difference(found: JSONValue, expected: JSONValue) -> String? {
        guard found != expected else { return nil }
        let pointer = expected.firstDifference(to: found)
        let sides = (pointer.value(in: expected), pointer.value(in: found))
        let (left, right) = pair(sides.0, sides.1)
        return (pointer.isRoot ? "" : "\(pointer): ") + "expected \(left), found \(right)"
    }

    /// Both sides; of long texts the part in which they begin to differ.
    package static func pair(_ left: JSONValue?, _ right: JSONValue?) -> (String, String) {
        if case .string(let one)? = left, case .string(let other)? = right, max(one.count, other.count) > characters {
            let same = zip(one, other).prefix { $0 == $1 }.count
            let start = max(0, same - 20)
            func part(_ text: String) -> String {
                let rest = String(text.dropFirst(start).prefix(characters))
                return (start > 0 ? "…" : "") + value(.string(rest)) + (text.count > start + characters ? "…" : "")
            }
            return (part(one), part(other))
        }
        let texts = (left.map(value) ?? "nothing", right.map(value) ?? "nothing")
        if texts.0 == texts.1, let left, let right {
            return ("\(texts.0) (\(left.typeName))", "\(texts.1) (\(right.typeName))")
        }
        return texts
    }
}
