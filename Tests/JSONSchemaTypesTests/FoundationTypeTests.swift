// SPDX-License-Identifier: Apache-2.0

// The types themselves are what is tested.
import Foundation
import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

@Suite struct FoundationTypeTests {
    struct Event: Codable, Equatable {
        let id: UUID
        let link: URL
        let start: Date
        let end: Date?
        let payload: Data
    }

    @Test func theUsualOnesAreKnown() throws {
        try expect(
            Event.self,
            #"{"title":"Event","type":"object","properties":{"id":{"type":"string","format":"uuid","pattern":"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"},"link":{"type":"string","format":"uri","minLength":1},"start":{"type":"string","format":"date-time","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"},"end":{"type":["string","null"],"format":"date-time","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"},"payload":{"type":"array","items":{"type":"integer","minimum":0,"maximum":255}}},"required":["id","link","start","payload"],"additionalProperties":false}"#
        )
    }

    @Test func theyEncodeToWhatTheirSchemaAccepts() throws {
        let link = try #require(URL(string: "https://example.org/a?b"))
        let event = Event(
            id: UUID(), link: link, start: Date(timeIntervalSinceReferenceDate: 12.5), end: nil,
            payload: Data([1, 255]))
        let value = try JSONValue(encoding: event)
        #expect(value["link"] == "https://example.org/a?b")
        #expect(value["start"] == "2001-01-01T00:00:12.500Z")
        #expect(try JSONSchema(for: Event.self).validate(value) == [])
        #expect(try value.decode(as: Event.self) == event)
    }

    @Test(arguments: [
        ("2001-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00Z", -978_307_200), ("2000-12-31T23:59:59.5Z", -0.5),
        ("2024-02-29t12:00:00z", 730_900_800), ("2024-02-29 14:30:00+02:30", 730_900_800),
        ("2016-12-31T23:59:60Z", 504_921_600), ("0001-01-01T00:00:00Z", -63_113_904_000),
        ("9999-12-31T23:59:59Z", 252_423_993_599), ("2001-01-01T00:00:00.1-00:01", 60.1),
    ])
    func datesAreRead(text: String, seconds: Double) throws {
        let date = try JSONValue.string(text).decode(as: Date.self)
        #expect(date == Date(timeIntervalSinceReferenceDate: seconds))
        #expect(try JSONValue.number(seconds).decode(as: Date.self) == date)
        #expect(try JSONValue(encoding: date).decode(as: Date.self) == date)
    }

    @Test(arguments: [
        "", "2001", "2001-01-01", "2001-13-01T00:00:00Z", "2001-02-29T00:00:00Z", "2001-00-01T00:00:00Z",
        "2001-01-00T00:00:00Z", "2001-01-01T24:00:00Z", "2001-01-01T00:60:00Z", "2001-01-01T00:00:61Z",
        "2001-01-01T00:00:00", "2001-01-01T00:00:00.Z", "2001-01-01T00:00:00+24:00", "2001-01-01T00:00:00Zx",
        "0000-01-01T00:00:00Z", "+001-01-01T00:00:00Z", "2001-01-01T00:00:00é",
    ])
    func otherTextsAreNoDates(text: String) {
        #expect(throws: DecodingError.self) { try JSONValue.string(text).decode(as: Date.self) }
    }

    @Test func everyDateComesBack() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<2000 {
            let scale = [1.0, 1e3, 1e6, 1e9, 1e11, 1e13][random.below(6)]
            let date = Date(timeIntervalSinceReferenceDate: Double.random(in: -scale...scale, using: &random))
            #expect(try JSONValue(encoding: date).decode(as: Date.self) == date)
        }
        let day = Date(timeIntervalSinceReferenceDate: 786_240_000)
        #expect(try JSONValue(encoding: [day]) == ["2025-12-01T00:00:00Z"])
    }
}
