// SPDX-License-Identifier: Apache-2.0

import HTTPCore
import Testing

@Suite struct ServerSentEventsDecoderTests {
    private static func decode(_ bytes: [UInt8], piece: Int) throws -> [ServerSentEvent] {
        var decoder = ServerSentEventsDecoder()
        var events: [ServerSentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            events += try decoder.decode(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        if let last = try decoder.finish() { events.append(last) }
        return events
    }

    @Test(arguments: ["\n", "\r\n", "\r"], [1, 2, 3, 1000]) func takesAllLineEndings(ending: String, piece: Int) throws
    {
        let text = ["data: one", "", "data:two", "data: three", "", "", "data: Comté 🧀", "", ""].joined(
            separator: ending)
        let events = try Self.decode(Array(text.utf8), piece: piece)
        #expect(events.map(\.text) == ["one", "two\nthree", "Comté 🧀"])
        #expect(events.allSatisfy { $0.type == "message" })
    }

    @Test func takesMixedLineEndings() throws {
        let events = try ServerSentEventsDecoder.events(in: Array("data: 1\r\n\ndata: 2\r\rdata: 3\n\r\n".utf8))
        #expect(events.map(\.text) == ["1", "2", "3"])
    }

    @Test(arguments: [1, 100]) func skipsByteOrderMarkAtTheStartOnly(piece: Int) throws {
        let events = try Self.decode(Array("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n".utf8), piece: piece)
        #expect(events.map(\.text) == ["a"])
    }

    @Test func ignoresCommentsAndUnknownFields() throws {
        let events = try ServerSentEventsDecoder.events(in: Array(": hi\n\n:\nfoo: bar\nfoo\ndata: x\n: more\n\n".utf8))
        #expect(events.map(\.text) == ["x"])
    }

    @Test func takesEventIDAndRetry() throws {
        var decoder = ServerSentEventsDecoder()
        let text =
            "event: error\nid: 7\nretry: 1500\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\nretry: 1s\ndata: d\n\n"
        let events = try decoder.decode(Array(text.utf8))
        #expect(events.map(\.type) == ["error", "message", "message", "message"])
        #expect(events.map(\.lastEventID) == ["7", "7", "", ""])
        #expect(decoder.reconnectionTime == .milliseconds(1500))
    }

    @Test func dispatchesEmptyDataAndNotMissingData() throws {
        let events = try ServerSentEventsDecoder.events(in: Array("event: x\n\ndata\n\ndata:\ndata\n\n".utf8))
        #expect(events.map(\.text) == ["", "\n"])
        #expect(events.map(\.type) == ["message", "message"])
    }

    @Test func takesOneSpaceOnlyAwayAfterTheColon() throws {
        #expect(try ServerSentEventsDecoder.events(in: Array("data:  x: y \n\n".utf8)).map(\.text) == [" x: y "])
    }

    @Test func givesAnUnfinishedEventOnlyWhenAsked() throws {
        var decoder = ServerSentEventsDecoder()
        #expect(try decoder.decode(Array("data: [DONE]".utf8)).isEmpty)
        #expect(try decoder.finish()?.text == "[DONE]")
        #expect(try decoder.finish() == nil)
    }

    @Test func refusesAnEventOverTheLimit() throws {
        var decoder = ServerSentEventsDecoder(maxEventBytes: 20)
        #expect(try decoder.decode(Array("data: 1234567890\n\n".utf8)).count == 1)
        #expect(try decoder.decode(Array("data: 1234567890\n\n".utf8)).count == 1)
        #expect(throws: HTTPTransportError.self) { try decoder.decode(Array("data: 123456789\ndata: 0123456789".utf8)) }
    }

    @Test func givesTheSameEventsHoweverTheBytesAreCut() throws {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("data: x\r\n\n\r:event\u{FEFF}id: 1é".utf8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let whole = try Self.decode(bytes, piece: max(1, bytes.count))
            #expect(try Self.decode(bytes, piece: 1) == whole)
            #expect(try Self.decode(bytes, piece: Int.random(in: 2...7, using: &random)) == whole)
        }
    }

    @Test func survivesAnyBytes() throws {
        var random = SeededRandom(seed: 8)
        for _ in 0..<300 {
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try Self.decode(bytes, piece: 3)
        }
    }
}
