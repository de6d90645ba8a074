// SPDX-License-Identifier: Apache-2.0

/// What a batch was begun with: results of another input, task or setting are not its results.
package struct BatchIdentity: Sendable, Equatable {
    /// Digests of the bytes of the files, in hexadecimal digits.
    package var input: String
    package var task: String
    /// JSON with the keys in order.
    package var settings: String
    /// How many items there are.
    package var count: Int

    package init(input: String, task: String, settings: String, count: Int) {
        self.input = input
        self.task = task
        self.settings = settings
        self.count = count
    }

    var facts: [(name: String, value: String)] {
        [("input", input), ("task", task), ("settings", settings), ("count", String(count))]
    }
}
