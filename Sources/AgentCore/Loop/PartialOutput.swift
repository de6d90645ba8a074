// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The value so far of structured output that is being written.
///
/// The value grows with the text, so looking at it after every piece would cost the square of the length. It is given when
/// the text has grown by a thirty-second; short answers are given piece by piece.
struct PartialOutput: Sendable {
    private enum State: Sendable {
        /// Before the value: white space, or the opening line of a fence.
        case head(String)
        case value(JSONIncrementalParser)
        /// Behind the value, or not JSON. What is wrong is told when the answer is whole.
        case over
    }

    private var state = State.head("")
    private var length = 0
    private var unseen = 0
    private var last: JSONValue?

    /// - Returns: the value, when there is one and it is another than last time.
    mutating func receive(_ piece: String) -> JSONValue? {
        switch state {
        case .over: return nil
        case .head(let text):
            guard let start = Self.valueStart(of: text + piece) else {
                state = .head(text + piece)
                return nil
            }
            state = .value(JSONIncrementalParser())
            return feed(start)
        case .value: return feed(piece)
        }
    }

    private mutating func feed(_ piece: String) -> JSONValue? {
        guard case .value(var parser) = state else { return nil }
        // The parser must not share its storage while it grows.
        state = .over
        guard (try? parser.feed(piece)) != nil else { return nil }
        length += piece.utf8.count
        unseen += piece.utf8.count
        let value = unseen * 32 >= length ? parser.partialValue : nil
        state = .value(parser)
        guard let value, value != last else { return nil }
        (last, unseen) = (value, 0)
        return value
    }

    /// `text` from the value on; `nil` while that has not begun.
    private static func valueStart(of text: String) -> String? {
        let rest = text.drop(while: \.isWhitespace)
        guard rest.hasPrefix("`") else { return rest.isEmpty ? nil : String(rest) }
        guard let end = rest.firstIndex(of: "\n") else { return nil }
        let body = rest[end...].drop(while: \.isWhitespace)
        return body.isEmpty ? nil : String(body)
    }
}
