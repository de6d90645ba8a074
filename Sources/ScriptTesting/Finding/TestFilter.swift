// SPDX-License-Identifier: Apache-2.0

import ECMARegex

/// Which tests are run: those whose name, with the file before it, has a text or matches `/a pattern/`.
package struct TestFilter: Sendable {
    private enum Rule: Sendable {
        case text(String)
        case pattern(ECMARegex)
    }

    private let rule: Rule

    /// - Parameter text: a part of `FILE: NAME`, or an ECMAScript pattern between slashes.
    /// - Throws: what is wrong with the pattern.
    package init(_ text: String) throws {
        if text.count >= 2, text.hasPrefix("/"), text.hasSuffix("/") {
            rule = .pattern(try ECMARegex(String(text.dropFirst().dropLast())))
        } else {
            rule = .text(text)
        }
    }

    package func selects(_ name: String, in file: String) -> Bool {
        let whole = "\(file): \(name)"
        switch rule {
        case .text(let text): return whole.contains(text)
        case .pattern(let pattern): return pattern.matches(whole)
        }
    }
}
