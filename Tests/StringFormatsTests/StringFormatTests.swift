// SPDX-License-Identifier: Apache-2.0

import StringFormats
import Testing

@Suite struct StringFormatTests {
    @Test func isFoundByItsName() {
        for format in StringFormat.all {
            #expect(StringFormat(name: format.name) == format)
            #expect(!format.expectation.isEmpty)
        }
        #expect(StringFormat.all.count == 18)
    }

    @Test(arguments: ["", "Date", "date ", "regex", "unknown", "ip-address"]) func otherNamesAreNoFormats(name: String)
    {
        #expect(StringFormat(name: name) == nil)
    }

    @Test func noBytesAreAPointerAReferenceOrATemplateOnly() {
        let accepting = StringFormat.all.filter { $0.accepts("") }
        #expect(accepting == [.uriReference, .iriReference, .uriTemplate, .jsonPointer])
        for format in StringFormat.all {
            let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            #expect(format.accepts(nothing) == format.accepts(""))
        }
    }

    /// Each sentence shows an example; it must be one.
    @Test(arguments: StringFormat.all) func examplesOfExpectationsAreAccepted(format: StringFormat) throws {
        let example = try #require(format.expectation.split(separator: " as in ").last?.split(separator: " ").first)
        #expect(format.accepts(String(example.filter { $0 != "," })), "\(example)")
    }

    /// Whatever looks like a digit, a letter or a dot elsewhere in Unicode is none in the formats of ASCII.
    @Test(arguments: [
        (StringFormat.date, "2026-11-2٤"), (.time, "0৯:30:00Z"), (.duration, "P২Y"), (.ipv4, "1২7.0.0.1"),
        (.ipv6, "::৪"), (.hostname, "www．example.com"), (.hostname, "\u{212A}elvin.example"), (.email, "a＠b.org"),
        (.uuid, "2eb8aa08-aa98-11ea-b4aa-73b441d1638０"), (.relativeJSONPointer, "١/foo"), (.uri, "https://exämple.org"),
    ]) func lookalikesAreRefused(format: StringFormat, text: String) {
        #expect(!format.accepts(text))
    }

    @Test(arguments: StringFormat.all.filter { ![.jsonPointer, .relativeJSONPointer].contains($0) })
    func spacesAroundAreRefused(format: StringFormat) throws {
        let example = try #require(format.expectation.split(separator: " as in ").last?.split(separator: " ").first)
        let text = String(example.filter { $0 != "," })
        for spaced in [" " + text, text + " ", text + "\n", "\t" + text, text + "\u{0}", text + "\u{7F}"] {
            #expect(!format.accepts(spaced), "\(spaced.debugDescription)")
        }
    }
}
