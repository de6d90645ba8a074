// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

@Suite struct SentenceSplitterTests {
    private func sentences(_ pieces: [String]) -> [String] {
        var splitter = SentenceSplitter()
        var found = pieces.flatMap { splitter.append($0) }
        let rest = splitter.end()
        if !rest.isEmpty { found.append(rest) }
        return found
    }

    @Test(arguments: [
        ("It is cold. It will snow! Will it?", ["It is cold. ", "It will snow! ", "Will it?"]),
        ("Yes. No way. Done", ["Yes. No way. ", "Done"]),
        ("He said \"go on.\" And went.", ["He said \"go on.\" ", "And went."]),
        ("Version 1.2.3 is at a.b@c.de now", ["Version 1.2.3 is at a.b@c.de now"]),
        ("# A title\n\nText of it", ["# A title\n\n", "Text of it"]),
        ("one line\nanother line\n \nlast", ["one line\nanother line\n \n", "last"]),
        ("今日は晴れ。明日は「雨。」そう。", ["今日は晴れ。", "明日は「雨。」", "そう。"]),
        ("क्या हाल है। ठीक है।", ["क्या हाल है। ", "ठीक है।"]),
        ("", []), (". . . ", [". . . "]), ("1. First thing. 2. Second.", ["1. First thing. ", "2. Second."]),
    ])
    func cutsWhereSentencesEnd(text: String, expected: [String]) {
        #expect(sentences([text]) == expected)
    }

    /// A key in PEM form has line feeds and no empty line.
    @Test func keepsTogetherWhatSpansLines() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIE\nAAAA\n-----END PRIVATE KEY-----\n"
        #expect(sentences(["Here it is: " + key, "\n", "Keep it."]) == ["Here it is: " + key + "\n", "Keep it."])
    }

    @Test func cutsAtTheSamePlacesHoweverTheTextComes() {
        let text = "One two. Three \"four.\" 今日は。「五。」六\n\nSeven eight!? Nine ten\nline\n \nend… of it 👩‍👧. e\u{301}."
        let whole = sentences([text])
        #expect(whole.joined() == text)
        let scalars = Array(text.unicodeScalars)
        for place in 0...scalars.count {
            let pieces = [scalars[..<place], scalars[place...]].map { part in
                var view = String.UnicodeScalarView()
                view.append(contentsOf: part)
                return String(view)
            }
            #expect(sentences(pieces) == whole)
        }
        #expect(sentences(scalars.map { String($0) }) == whole)
    }
}
