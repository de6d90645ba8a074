// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONDecodingTests {
    struct Book: Decodable, Equatable {
        let name: String
        let authors: [String]
        let pages: Int?
        let rating: Double?
    }

    @Test func aTypeIsReadFromAnObject() throws {
        let value: JSONValue = ["name": "Emma", "authors": ["Jane Austen"], "rating": 5]
        #expect(try value.decode(as: Book.self) == Book(name: "Emma", authors: ["Jane Austen"], pages: nil, rating: 5))
    }

    @Test func integersAreExact() throws {
        #expect(try JSONValue.integer(.max).decode(as: Int64.self) == .max)
        #expect(throws: DecodingError.self) { try JSONValue.number(1).decode(as: Int.self) }
        #expect(throws: DecodingError.self) { try JSONValue.integer(256).decode(as: UInt8.self) }
        #expect(throws: DecodingError.self) { try JSONValue.integer(-1).decode(as: UInt.self) }
    }

    @Test func anErrorNamesThePath() {
        let value: JSONValue = ["name": "Emma", "authors": ["Jane Austen", 7]]
        let error = #expect(throws: DecodingError.self) { try value.decode(as: Book.self) }
        guard case .typeMismatch(_, let context)? = error else {
            Issue.record("expected a mismatch, found \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["authors", "1"])
        #expect(context.debugDescription == "expected a string, found integer")
    }

    @Test func aMissingMemberIsNamed() {
        let error = #expect(throws: DecodingError.self) { try JSONValue.object([:]).decode(as: Book.self) }
        guard case .keyNotFound(let key, _)? = error else {
            Issue.record("expected keyNotFound")
            return
        }
        #expect(key.stringValue == "name")
    }

    @Test func aValueKeepsItsForm() throws {
        struct Holder: Decodable { let any: JSONValue }
        let value: JSONValue = ["any": ["a": 1.0, "b": [], "c": [:]]]
        #expect(try value.decode(as: Holder.self).any == ["a": 1.0, "b": [], "c": [:]])
    }

    @Test func enumsWithRawValuesAreRead() throws {
        enum Unit: String, Decodable { case celsius, kelvin }
        #expect(try JSONValue.string("kelvin").decode(as: Unit.self) == .kelvin)
        #expect(throws: DecodingError.self) { try JSONValue.string("rankine").decode(as: Unit.self) }
    }
}
