// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A model that calls a tool until so many results are in the history, and then answers with a text.
///
/// It keeps nothing between requests: the results in a request tell it where the conversation stands.
public struct FakeConversation: Sendable {
    private struct Turn: Sendable {
        let whole: ByteBuffer
        let streamed: ByteBuffer
    }

    private let turns: [Turn]

    /// - Parameters:
    ///   - toolTurns: how many times the tool is called.
    ///   - arguments: JSON text.
    public init(
        toolTurns: Int = 0, tool: String = "echo", arguments: String = "{}",
        text: String = "There is no single \"best\" French cheese, but Comté is the one named most often."
    ) {
        let calls = (0..<max(0, toolTurns)).map { turn -> Turn in
            let digits = String(turn + 1)
            let id = "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            let call = FakeCall(id: id, name: tool, arguments: arguments)
            return Turn(whole: .init(.completion(calls: [call])), streamed: .init(.stream(calls: [call])))
        }
        let words = text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map { place, word in
            place == 0 ? String(word) : " " + word
        }
        turns = calls + [Turn(whole: .init(.completion(text)), streamed: .init(.stream(words)))]
    }

    /// The bytes of the response to a request with this body.
    func response(to body: ByteBuffer) -> ByteBuffer {
        body.withUnsafeReadableBytes { bytes in
            let results = bytes.occurrences(of: Self.resultMark)
            let turn = turns[min(results, turns.count - 1)]
            return bytes.occurrences(of: Self.streamMark, orOf: Self.spacedStreamMark) > 0 ? turn.streamed : turn.whole
        }
    }

    // Inside a string the quotes would be escaped, so these are found at members only.
    private static let resultMark = Array("\"tool_call_id\"".utf8)
    private static let streamMark = Array("\"stream\":true".utf8)
    private static let spacedStreamMark = Array("\"stream\": true".utf8)
}

extension ByteBuffer {
    fileprivate init(_ reply: FakeReply) {
        self.init()
        for case .bytes(let bytes) in reply.steps { writeBytes(bytes) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func occurrences(of pattern: [UInt8], orOf other: [UInt8]) -> Int {
        let found = occurrences(of: pattern)
        return found > 0 ? found : occurrences(of: other)
    }

    /// Every pattern begins and ends with a byte of its own kind, so few places are looked at closely.
    fileprivate func occurrences(of pattern: [UInt8]) -> Int {
        var found = 0
        var place = 0
        let (first, second) = (pattern[0], pattern[1])
        let end = count - pattern.count
        while place <= end {
            if self[place] == first, self[place + 1] == second,
                self[place..<place + pattern.count].elementsEqual(pattern)
            {
                found += 1
                place += pattern.count
            } else {
                place += 1
            }
        }
        return found
    }
}
