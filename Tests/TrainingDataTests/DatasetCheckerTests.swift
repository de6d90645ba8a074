// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import TrainingData

@Suite struct DatasetCheckerTests {
    private static let line = #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}"#

    private func check(_ lines: [String], kind: DatasetKind? = nil) -> (DatasetChecker, [[DatasetFinding]]) {
        var checker = DatasetChecker(kind: kind)
        let findings = lines.map { checker.check(Array($0.utf8).span) }
        return (checker, findings)
    }

    private func errors(_ text: String, kind: DatasetKind? = nil) -> [String] {
        check([text], kind: kind).1[0].filter { $0.severity == .error }.map { "\($0.pointer)" }
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, DatasetKind.pretrain), (#"{"content":"a"}"#, .pretrain), (line, .instruct),
        (#"{"text":"a","labels":{"t":"x"}}"#, .classifier), (#"{"interactions":[]}"#, .instruct),
    ]) func theFirstLineTellsTheKind(text: String, kind: DatasetKind) {
        #expect(check([text]).0.kind == kind)
    }

    @Test func aLineOfAnotherKindIsAnError() {
        let (checker, findings) = check([Self.line, #"{"text":"a"}"#])
        #expect(findings[1].first?.message == "a line of the kind pretrain in a file of the kind instruct")
        #expect(checker.counts.validLines == 1)
        #expect(errors(Self.line, kind: .pretrain) == [""])
        #expect(
            errors(#"{"text":"a","labels":{}}"#, kind: .pretrain) == [], "a trainer of texts does not look at labels")
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, [String]()), (#"{"content":"a"}"#, []), (#"{"text":"a","content":"b"}"#, ["/content"]),
        (#"{"text":null}"#, ["/text"]), (#"{"text":["a"]}"#, ["/text"]),
    ]) func pretrainLinesHaveOneText(text: String, expected: [String]) {
        #expect(errors(text, kind: .pretrain) == expected)
    }

    @Test(arguments: [
        (#"{"text":"a","labels":{"t":"x","u":["y","z"]}}"#, [String]()),
        (#"{"messages":[{"role":"user","content":"a"}],"labels":{"t":"x"}}"#, []),
        (#"{"text":"a","messages":[{"role":"user","content":"a"}],"labels":{"t":"x"}}"#, ["/messages"]),
        (#"{"text":"a","labels":{}}"#, ["/labels"]), (#"{"text":"a","labels":["x"]}"#, ["/labels"]),
        (#"{"text":"a","labels":{"t":1}}"#, ["/labels/t"]), (#"{"text":"a","labels":{"t":["x",1]}}"#, ["/labels/t/1"]),
        (#"{"labels":{"t":"x"}}"#, [""]), (#"{"text":1,"labels":{"t":"x"}}"#, ["/text"]),
        (#"{"messages":[{"role":"user"}],"labels":{"t":"x"}}"#, ["/messages/0"]),
    ]) func classifierLinesHaveASubjectAndLabels(text: String, expected: [String]) {
        #expect(errors(text, kind: .classifier) == expected)
    }

    @Test(arguments: [
        "", " \r", "[]", "7", "{", "{} x", #"{"a":1,"a":2}"#, "{}", #"{"prompt":"a","completion":"b"}"#, "\u{FEFF}{}",
    ])
    func whatIsNoLineOfDataIsAnError(text: String) { #expect(errors(text) == [""]) }

    @Test func aPromptAndItsCompletionAreToldToBeMessages() {
        let (_, findings) = check([#"{"prompt":"a","completion":"b"}"#], kind: .instruct)
        #expect(findings[0][0].message.contains("two messages"))
    }

    @Test func duplicatesAreWarnedOfWithTheirFirstLine() {
        let (checker, findings) = check([Self.line, Self.line + " ", Self.line])
        #expect(findings[1] == [])
        #expect(findings[2] == [DatasetFinding(.warning, "the same as line 1")])
        #expect(checker.counts.duplicates == 1)
        #expect(checker.counts.errors == 0)
    }

    @Test func countsWhatIsTrained() {
        let tools = #""tools":[{"type":"function","function":{"name":"f","description":"","parameters":{}}}],"#
        let two = #"{"role":"user","content":"a"},{"role":"assistant","content":"b"}"#
        let (checker, _) = check([
            #"{"messages":[\#(two),\#(two)]}"#, #"{\#(tools)"messages":[\#(two),\#(two)]}"#,
            #"{"only_last":true,"messages":[\#(two),\#(two)]}"#,
            #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},\#(two)]}"#,
        ])
        #expect(checker.counts.assistantMessages == 8)
        #expect(checker.counts.trainedMessages == 2 + 1 + 1 + 1)
        #expect(checker.counts.linesWithTools == 1)
    }

    @Test func sizesOutsideTheTrainersRangeAreWarnedOf() {
        var (checker, _) = check([Self.line])
        #expect(checker.finish().map(\.severity) == [.warning, .warning])
        var empty = DatasetChecker()
        #expect(empty.finish().map(\.severity) == [.error])
        #expect(empty.counts.errors == 1)
        var (enough, _) = check((0..<20).map { Self.line.replacing("hi", with: "hi \($0)") })
        #expect(enough.finish() == [])
    }

    @Test func linesAreCutWhereverThePiecesEnd() throws {
        let text = Array("one\n\ntwo\nthree".utf8)
        for size in 1...text.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            let take: (Span<UInt8>) -> Void = { span in
                lines.append(span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
            }
            for start in stride(from: 0, to: text.count, by: size) {
                try splitter.receive(Array(text[start..<min(start + size, text.count)]).span, take)
            }
            splitter.finish(take)
            #expect(lines == ["one", "", "two", "three"], "pieces of \(size)")
        }
    }

    @Test func aLineBeyondTheLimitIsRefusedBeforeItIsHeld() {
        var splitter = LineSplitter(limit: 10)
        #expect(throws: LineSplitter.TooLong.self) {
            for _ in 0..<3 { try splitter.receive(Array("12345".utf8).span) { _ in } }
        }
    }
}
