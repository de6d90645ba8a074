// SPDX-License-Identifier: Apache-2.0

/// Where in a run a record stands: steps are counted from 1 on each line of execution, and a step that has lines of its own
/// (a run of an agent, a call of a tool, an item of a map) is the beginning of their paths. `3.2.1` is the first step inside
/// of the second step inside of the third step of the script.
///
/// Two runs of a script that computes the same way give the same step the same path, whatever runs beside it.
public struct JournalPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let steps: [Int]

    public init(_ steps: [Int] = []) { self.steps = steps }

    /// - Returns: `nil` when `text` is not numbers with dots between them. The empty text is the script itself.
    public init?(_ text: String) {
        guard !text.isEmpty else {
            self.init()
            return
        }
        let steps = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard steps.allSatisfy({ $0 >= 0 }) else { return nil }
        self.init(steps)
    }

    public var description: String { steps.map(String.init).joined(separator: ".") }

    /// `nil` for the script itself.
    public var parent: JournalPath? { steps.isEmpty ? nil : JournalPath(Array(steps.dropLast())) }

    public func appending(_ step: Int) -> JournalPath { JournalPath(steps + [step]) }

    public static func < (left: JournalPath, right: JournalPath) -> Bool {
        left.steps.lexicographicallyPrecedes(right.steps)
    }
}
