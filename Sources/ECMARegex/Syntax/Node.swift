// SPDX-License-Identifier: Apache-2.0

/// What a pattern says, after parsing: groups that do not capture, escapes and flags are gone.
indirect enum Node: Sendable {
    case empty
    case character(UInt32)
    case set(CodePointSet)
    case sequence([Node])
    case alternatives([Node])
    /// Groups are numbered from 1, as in `\1`.
    case capture(Node, group: Int)
    case repetition(Node, Repetition)
    case assertion(Assertion)
    case look(Node, Look)
    /// The text of the one of these groups that took part, or nothing.
    case backreference(Backreference)
}

struct Repetition: Sendable, Hashable {
    var minimum: Int
    /// `Int.max` for no limit.
    var maximum: Int
    var isLazy = false
    /// The capturing groups inside, which each turn forgets: ECMA-262 §22.2.2.3.1 RepeatMatcher, step 4.
    var groups: Range<Int> = 0..<0
}

enum Assertion: UInt8, Sendable {
    case start, end, lineStart, lineEnd, wordBoundary, notWordBoundary
    /// `\b` and `\B` where case is ignored: WordCharacters then has U+017F and U+212A too.
    case foldedWordBoundary, notFoldedWordBoundary
}

struct Look: Sendable, Hashable {
    var isBehind: Bool
    var isNegative: Bool
}

struct Backreference: Sendable, Hashable {
    /// Index into ``Pattern/references``.
    var index: Int
    var ignoresCase: Bool
}

/// A parsed pattern.
struct Pattern: Sendable {
    var root: Node
    /// The number of capturing groups.
    var groupCount = 0
    /// For each back-reference the groups that it may mean: several where alternatives share a name.
    var references: [[Int]] = []
    var hasLook = false
    /// The first thing that Unicode mode does not allow, but ``ECMARegex`` takes.
    var leniency: ECMARegexError?
}
