// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationXML
import ScriptTesting
import Testing

/// What a reader of XML finds in a report: each element with its attributes, and the texts.
private final class Reading: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    static func read(_ xml: String) throws -> Reading {
        let reading = Reading()
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = reading
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        return reading
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) { elements.append((name, attributes)) }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func attributes(of name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }
}

@Suite struct JUnitReportTests {
    private func report(_ results: [TestResult]) -> String {
        var report = JUnitReport()
        var totals = TestTotals()
        _ = report.begin(results.count)
        for result in results {
            totals.add(result)
            _ = report.add(result)
        }
        return report.end(totals, seconds: 1.25)
    }

    @Test func aSuiteIsAFileAndACaseIsATest() throws {
        let xml = report([
            TestResult(file: "a/x_test.lua", name: "one", position: "a/x_test.lua:3", checks: 2, seconds: 0.25),
            TestResult(
                file: "a/x_test.lua", name: "two", position: "a/x_test.lua:9", status: .failed,
                failures: [.init("expected 1, found 2", at: "a/x_test.lua:10"), .init("more", detail: "stack")],
                checks: 1,
                printed: "said"),
            TestResult(file: "y_test.lua", name: "three", status: .skipped("no key")),
        ])
        let read = try Reading.read(xml)
        #expect(read.attributes(of: "testsuites")[0]["tests"] == "3")
        #expect(read.attributes(of: "testsuites")[0]["failures"] == "1")
        #expect(read.attributes(of: "testsuites")[0]["time"] == "1.25")
        #expect(read.attributes(of: "testsuite").map { $0["name"] } == ["a/x_test.lua", "y_test.lua"])
        #expect(read.attributes(of: "testsuite").map { $0["skipped"] } == ["0", "1"])
        let cases = read.attributes(of: "testcase")
        #expect(cases.map { $0["name"] } == ["one", "two", "three"])
        #expect(cases[0]["classname"] == "a.x_test")
        #expect(cases[1]["line"] == "9")
        #expect(cases[2]["line"] == nil)
        #expect(read.attributes(of: "failure").map { $0["message"] } == ["a/x_test.lua:10: expected 1, found 2"])
        #expect(read.attributes(of: "skipped").map { $0["message"] } == ["no key"])
        #expect(read.text.contains("a/x_test.lua:10: expected 1, found 2\nmore\nstack"))
        #expect(read.text.contains("said"))
    }

    @Test(arguments: [
        "a \"quoted\" & <b>name</b> ]]>", "it's", "tab\tline\nreturn\rend", "päö 🙂 漢字", "--><!--", "&amp;#0;",
    ])
    func anyTextComesBackAsItIs(text: String) throws {
        let xml = report([
            TestResult(file: text, name: text, status: .failed, failures: [.init(text)], printed: text)
        ])
        let read = try Reading.read(xml)
        #expect(read.attributes(of: "testcase")[0]["name"] == text)
        #expect(read.attributes(of: "failure")[0]["message"] == text)
        #expect(read.text.contains(text))
    }

    @Test func whatXMLHasNoPlaceForIsShown() throws {
        let xml = report([
            TestResult(
                file: "f", name: "bell\u{7} nul\u{0} \u{FFFE} \u{1B}[31m \u{85}", status: .failed, printed: "\u{1}")
        ])
        let read = try Reading.read(xml)
        let name = read.attributes(of: "testcase")[0]["name"]
        #expect(name == #"bell\u{7} nul\u{0} \u{fffe} \u{1b}[31m "# + "\u{85}")
    }

    @Test func everyScalarGivesAReportThatCanBeRead() throws {
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            _ = try Reading.read(report([TestResult(file: "f", name: text, printed: text)]))
        }
    }
}
