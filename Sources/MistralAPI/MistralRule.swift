// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Checks of single fields before they are sent: each says which field, what it may be and what it was.
enum MistralRule {
    static func check(
        _ field: String, _ value: String?, isOneOf words: [String]
    ) throws(ModelError) {
        guard let value, !words.contains(value) else { return }
        let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
        throw refusal(field, "one of \(list)", "\"\(value.prefix(80))\"")
    }

    static func check(_ field: String, _ value: Int?, isAtLeast least: Int) throws(ModelError) {
        if let value, value < least { throw refusal(field, "\(least) or more", "\(value)") }
    }

    static func check(_ field: String, _ value: Double?, isIn range: ClosedRange<Double>) throws(ModelError) {
        guard let value, !range.contains(value) else { return }
        throw refusal(field, "\(range.lowerBound)…\(range.upperBound)", "\(value)")
    }

    static func refusal(_ field: String, _ expected: String, _ found: String) -> ModelError {
        ModelError(.invalidRequest, "\(field): expected \(expected), found \(found)")
    }
}
