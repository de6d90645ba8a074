// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// One hostile script, as the manifest of the corpus describes it.
struct CorpusCase {
    let id: Int64
    let name: String
    let file: String
    /// The ends that are acceptable.
    let kinds: Set<String>
    /// A Lua expression that must be true in another script afterwards.
    let poison: String?
    /// Whether a string that it returns must not be `LEAK`.
    let mustNotLeak: Bool

    /// What is made to never end need not run for long.
    var computeTime: Duration { kinds.contains("time_limit") ? .milliseconds(300) : .seconds(10) }

    init(_ value: JSONValue) throws {
        guard let id = value["id"]?.integerValue, let file = value["file"]?.stringValue,
            let kinds = value["kind"]?.stringValue
        else { throw Unexpected("a case of the manifest lacks id, file or kind") }
        self.id = id
        self.file = file
        name = value["name"]?.stringValue ?? file
        self.kinds = Set(kinds.split(separator: "|").map(String.init))
        poison = value["poison"]?.stringValue
        mustNotLeak = value["check"]?.stringValue == "noleak"
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
