// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTMLPages
import JSONCore
import Testing

@testable import RunReports

@Suite struct RunPageTests {
    @Test func aRunOfFiftyTurnsFitsInAMegabyte() {
        let page = RunPage(SampleRun.chat(turns: 50, length: 4000)).text
        #expect(page.utf8.count <= 1 << 20)
        #expect(page.components(separatedBy: "Answer 7 lorem").count == 2)
        #expect(page.components(separatedBy: "id=\"r17\"").count == 2)
    }

    private static let attacks = [
        "<script>alert(1)</script>", "</script><script>x", "\"><img src=x onerror=alert(1)>", "'onmouseover='x",
        "</style><b>", "</pre></details><h1>x", "&lt;b&gt;", "]]>",
    ]

    @Test(arguments: attacks) func nothingOfATextBecomesMarkup(text: String) throws {
        let page = RunPage(Self.run(saying: text)).text
        #expect(!page.contains(text))
        #expect(page.contains(Markup.escaped(text)))
        #expect(page.components(separatedBy: "<script>").count == 2)
        #expect(page.components(separatedBy: "</script>").count == 2)
    }

    @Test func controlCharactersAreSpeltOut() {
        let page = RunPage(
            Self.run(saying: "a\u{1B}[2J\u{202E}b\u{0}\u{9B}" + String(decoding: [0xFF, 0x41], as: UTF8.self))
        ).text
        #expect(page.contains("a\\u{1B}[2J\\u{202E}b\\u{0}\\u{9B}\u{FFFD}A"))
        for scalar in page.unicodeScalars where scalar.value < 0x20 { #expect(scalar == "\n" || scalar == "\t") }
    }

    /// A text in every place that a run has for one.
    private static func run(saying text: String) -> RecordedRun {
        var info = RunInfo(id: text)
        (info.command, info.arguments, info.folder, info.script) = (text, [text], text, text)
        (info.version, info.message, info.output, info.model, info.session) = (text, text, .string(text), text, text)
        (info.status, info.parent) = (.init(rawValue: text), text)
        var maker = Maker(time: 0)
        let call = ToolCall(id: text, name: text, arguments: text)
        let message = Message(
            role: .user, content: [.text(text), .thinking(text, raw: nil), .raw(["type": .string(text)])])
        maker.model("1", [.system(text), message], .assistant(text, toolCalls: [call]))
        maker.tool("2", call, ToolResult(callID: text, name: text, content: text, isError: true))
        maker.record("3", text, text, effect: .write, request: .string(text), took: 5, answer: [text: .string(text)])
        maker.record("4", "http", text, took: 5, answer: ["message": .string(text)], isFailure: true)
        maker.record("5", "map", text, request: [text: .string(text)])
        return RecordedRun(info: info, records: maker.records)
    }

    // The policy would keep a script from running whose digest is another.
    @Test func thePolicyKnowsTheScript() throws {
        let digest = SHA256.digest(Array(RunPageScript.text.text.utf8))
        #expect(Data(digest).base64EncodedString() == RunPageScript.digest)
        #expect(!RunPageScript.text.text.contains("</"))
    }

    @Test func loadsNothing() {
        let page = RunPage(SampleRun.chat(turns: 3)).text
        #expect(page.contains("default-src 'none'"))
        for word in ["http://", "https://", "src=", "url(", "@import", "<link"] { #expect(!page.contains(word)) }
    }

    @Test func anEmptyRunIsAPage() {
        let page = RunPage(RecordedRun(info: RunInfo(id: "x"), records: [])).text
        #expect(page.contains("running"))
        #expect(page.hasSuffix("</html>\n"))
    }

    @Test func longTextsFold() {
        var maker = Maker(time: 0)
        let text = String(repeating: "word ", count: 50_000)
        maker.model("1", [.user(text)], .assistant(text))
        let page = RunPage(RecordedRun(info: RunInfo(id: "x"), records: maker.records)).text
        #expect(page.components(separatedBy: "more are not in this page").count == 3)
        #expect(page.utf8.count < 200_000)
    }
}
