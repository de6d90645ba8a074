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
            #"{"title":"Event","type":"object","properties":{"id":{"type":"string","format":"uuid","pattern":"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"},"link":{"type":"string","format":"uri","minLength":1},"start":{"description":"Seconds since 2001-01-01T00:00:00Z","type":"number"},"end":{"description":"Seconds since 2001-01-01T00:00:00Z","type":["number","null"]},"payload":{"type":"array","items":{"type":"integer","minimum":0,"maximum":255}}},"required":["id","link","start","payload"],"additionalProperties":false}"#
        )
    }

    @Test func theyEncodeToWhatTheirSchemaAccepts() throws {
        let link = try #require(URL(string: "https://example.org/a?b"))
        let event = Event(
            id: UUID(), link: link, start: Date(timeIntervalSinceReferenceDate: 12.5), end: nil,
            payload: Data([1, 255]))
        let value = try JSONValue(encoding: event)
        #expect(value["link"] == "https://example.org/a?b")
        #expect(try JSONSchema(for: Event.self).validate(value) == [])
        #expect(try value.decode(as: Event.self) == event)
    }
}
