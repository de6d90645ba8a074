// SPDX-License-Identifier: Apache-2.0

/// Results in the XML form of JUnit, as systems for continuous integration read it: a suite for each file, a case for each test.
package struct JUnitReport: TestReporter {
    private var suites: [(file: String, results: [TestResult])] = []

    package init() {}

    package mutating func begin(_ count: Int) -> String { "" }

    package mutating func add(_ result: TestResult) -> String {
        if suites.last?.file != result.file { suites.append((result.file, [])) }
        suites[suites.count - 1].results.append(result)
        return ""
    }

    package mutating func end(_ totals: TestTotals, seconds: Double) -> String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"agent test\" tests=\"\(totals.all)\" failures=\"\(totals.failed)\" errors=\"0\" "
        xml += "skipped=\"\(totals.skipped)\" time=\"\(Self.time(seconds))\">\n"
        for suite in suites { xml += Self.suite(suite.file, suite.results) }
        return xml + "</testsuites>\n"
    }

    private static func suite(_ file: String, _ results: [TestResult]) -> String {
        var totals = TestTotals()
        for result in results { totals.add(result) }
        let time = results.reduce(0) { $0 + $1.seconds }
        var xml =
            "  <testsuite name=\"\(XMLText.attribute(file))\" tests=\"\(totals.all)\" failures=\"\(totals.failed)\" "
        xml +=
            "errors=\"0\" skipped=\"\(totals.skipped)\" time=\"\(Self.time(time))\" file=\"\(XMLText.attribute(file))\">\n"
        for result in results { xml += test(result) }
        return xml + "  </testsuite>\n"
    }

    private static func test(_ result: TestResult) -> String {
        var xml =
            "    <testcase name=\"\(XMLText.attribute(result.name))\" classname=\"\(XMLText.attribute(className(result.file)))\" "
        xml += "file=\"\(XMLText.attribute(result.file))\""
        if let line = line(result.position) { xml += " line=\"\(line)\"" }
        xml += " assertions=\"\(result.checks)\" time=\"\(time(result.seconds))\""
        let body = body(result)
        return xml + (body.isEmpty ? "/>\n" : ">\n" + body + "    </testcase>\n")
    }

    private static func body(_ result: TestResult) -> String {
        var xml = ""
        if case .skipped(let reason) = result.status {
            xml += "      <skipped\(reason.isEmpty ? "" : " message=\"\(XMLText.attribute(reason))\"")/>\n"
        }
        if result.isFailed {
            // One element: readers take the first of several.
            let first = result.failures.first?.description ?? ""
            let all = result.failures.map { $0.description + ($0.detail.isEmpty ? "" : "\n" + $0.detail) }
            xml += "      <failure message=\"\(XMLText.attribute(first))\" type=\"failure\">"
            xml += XMLText.content(all.joined(separator: "\n")) + "</failure>\n"
        }
        if !result.printed.isEmpty { xml += "      <system-out>\(XMLText.content(result.printed))</system-out>\n" }
        return xml
    }

    /// `docs.examples.weather_test` of `docs/examples/weather_test.lua`: what readers group by.
    static func className(_ file: String) -> String {
        let path = file.hasSuffix(".lua") ? String(file.dropLast(4)) : file
        return path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: ".")
    }

    private static func line(_ position: String) -> Int? { position.split(separator: ":").last.flatMap { Int($0) } }

    private static func time(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }
}

/// Texts in XML 1.0.
enum XMLText {
    static func content(_ text: String) -> String { escaped(text, isAttribute: false) }
    static func attribute(_ text: String) -> String { escaped(text, isAttribute: true) }

    /// What XML 1.0 has no place for (§2.2) is shown as `\u{7}`: a reader would refuse the file.
    private static func escaped(_ text: String, isAttribute: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"" where isAttribute: result += "&quot;"
            case "\n" where isAttribute: result += "&#10;"
            case "\t" where isAttribute: result += "&#9;"
            // A reader would make a line feed of it.
            case "\r": result += "&#13;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                if isCharacter(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                }
            }
        }
        return result
    }

    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
            !(0x7F...0x9F).contains(scalar.value) || scalar.value == 0x85
        default: false
        }
    }
}
