// SPDX-License-Identifier: Apache-2.0

/// What a person typed when they were asked.
enum ApprovalAnswer: Equatable {
    case once
    case alwaysInRun
    case alwaysForFile
    /// With what stands behind the word, if anything.
    case deny(reason: String?)
    case edit
    case showAll

    /// - Returns: `nil` for anything else, an empty line too: nothing is allowed by a key pressed by mistake.
    init?(_ line: String) {
        let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        let rest = words.count > 1 ? String(words[1]) : nil
        switch (words.first?.lowercased(), rest) {
        case ("y", nil), ("yes", nil): self = .once
        case ("a", nil), ("always", nil): self = .alwaysInRun
        case ("f", nil), ("file", nil): self = .alwaysForFile
        case ("n", _), ("no", _): self = .deny(reason: rest)
        case ("e", nil), ("edit", nil): self = .edit
        case ("v", nil), ("view", nil): self = .showAll
        default: return nil
        }
    }
}
