// SPDX-License-Identifier: Apache-2.0

/// The words behind `agent resume`: the run first, where one is named, then flags of the command that is run again.
struct NamedRun {
    /// An id, the beginning of one, or `last`.
    let id: String
    let flags: [String]

    init(_ words: [String]) {
        let isNamed = words.first.map { !$0.hasPrefix("-") } ?? false
        id = isNamed ? words[0] : "last"
        flags = Array(words.dropFirst(isNamed ? 1 : 0))
    }
}
