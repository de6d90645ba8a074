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
        case .head(let text): return receive(head: text + piece)
        case .value: return feed(piece)
        }
    }

    private mutating func receive(head: String) -> JSONValue? {
        let text = head.drop(while: \.isWhitespace)
        guard text.hasPrefix("`") else {
            state = text.isEmpty ? .head("") : .value(JSONIncrementalParser())
            return text.isEmpty ? nil : feed(String(text))
        }
        // The opening line of a fence is short.
        guard let end = text.firstIndex(where: { $0 == "\n" || $0 == "\r\n" }) else {
            state = text.utf8.count < 100 ? .head(String(text)) : .over
            return nil
        }
        let body = text[end...].drop(while: \.isWhitespace)
        state = body.isEmpty ? .head("```\n") : .value(JSONIncrementalParser())
        return body.isEmpty ? nil : feed(String(body))
    }

    private mutating func feed(_ piece: String) -> JSONValue? {
        guard case .value(var parser) = state else { return nil }
        // The parser must not share its storage while it grows.
        state = .over
        guard (try? parser.feed(piece)) != nil else { return nil }
        length += piece.utf8.count
        unseen += piece.utf8.count
        var value: JSONValue?
        if unseen * 32 >= length { (value, unseen) = (parser.partialValue, 0) }
        state = .value(parser)
        guard let value, value != last else { return nil }
        last = value
        return value
    }
}
