// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import LocalModels

@Suite struct FormDecoderTests {
    private static let answer = #"[{"tool":"answer","arguments":{"text":"Café \"x\"\n\ud83d\ude00 \\ done"}}]"#
    private static let text = "Café \"x\"\n😀 \\ done"

    private func feed(_ json: String, by size: Int) -> (streamed: String, decoder: FormDecoder) {
        var decoder = FormDecoder(answerName: "answer")
        var streamed = ""
        var rest = Substring(json)
        while !rest.isEmpty {
            streamed += decoder.feed(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return (streamed, decoder)
    }

    @Test(arguments: [1, 2, 3, 7, 1000]) func textIsStreamedHoweverItArrives(size: Int) throws {
        let (streamed, decoder) = feed(Self.answer, by: size)
        #expect(streamed == Self.text)
        #expect(try decoder.finish() == .text(Self.text))
    }

    @Test func whiteSpaceBetweenTokensIsAllowed() throws {
        let (streamed, _) = feed(" [ { \"tool\" : \"answer\" ,\n \"arguments\" : { \"text\" : \"hi\" } } ]", by: 1)
        #expect(streamed == "hi")
    }

    @Test func callsAreNotStreamedAndTwinsAreOne() throws {
        let json = #"[{"tool":"a","arguments":{"n":1}},{"tool":"a","arguments":{"n":1}},{"tool":"b","arguments":{}}]"#
        let (streamed, decoder) = feed(json, by: 1)
        #expect(streamed.isEmpty)
        #expect(try decoder.finish() == .calls([("a", ["n": 1]), ("b", [:])]))
    }

    @Test func aValueIsReturnedExactly() throws {
        let (streamed, decoder) = feed(#"[{"tool":"answer","arguments":{"value":{"n":1.0}}}]"#, by: 1)
        #expect(streamed.isEmpty)
        #expect(try decoder.finish() == .value(["n": 1.0]))
    }

    @Test func aCutReplyIsAnErrorAndItsTextIsKept() {
        let (streamed, decoder) = feed(#"[{"tool":"answer","arguments":{"text":"half of"#, by: 1)
        #expect(streamed == "half of")
        #expect(throws: (any Error).self) { try decoder.finish() }
    }

    /// The value is passed on as it is written, whatever the pieces.
    @Test(arguments: [
        #"{"city":"Oslo","cold":true}"#, #"[1, {"a":"}\"]"}, "\\"]"#, "12", #""a}b""#, "null", "{ }",
    ])
    func streamsAValue(json: String) throws {
        let reply = #"[ {"tool":"answer", "arguments": {"value": "# + json + " } } ]"
        for size in [1, 3, 1000] {
            var decoder = FormDecoder(answerName: "answer", key: "value")
            let characters = Array(reply)
            let pieces = stride(from: 0, to: characters.count, by: size).map {
                decoder.feed(String(characters[$0..<min($0 + size, characters.count)]))
            }
            #expect(try JSONValue(parsing: pieces.joined()) == JSONValue(parsing: json))
            #expect(try decoder.finish() == .value(try JSONValue(parsing: json)))
        }
    }
}
