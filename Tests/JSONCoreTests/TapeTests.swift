// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite("A tape")
struct TapeTests {
    @Test(
        "gives back the value that it was filled with",
        arguments: [
            "null", "true", "-7", "1.5", #""""#, #""Grüße""#, "[]", "{}", #"{"a":[1,{"b":[[],{}]},"x"],"c":false}"#,
        ])
    func roundTrip(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(JSONValue(JSONTape(value)) == value)
    }

    @Test("can be filled again")
    func refill() {
        var tape = JSONTape()
        #expect(JSONValue(tape) == .null)
        for size in [1000, 3, 0, 20] {
            let value = JSONValue.array((0..<size).map { .string(String(repeating: "x", count: $0)) })
            tape.fill(with: value)
            #expect(JSONValue(tape) == value)
        }
    }
}
