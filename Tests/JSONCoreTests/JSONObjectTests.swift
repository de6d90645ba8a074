// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONObjectTests {
    @Test(arguments: [0, 1, 5, 12, 13, 14, 100]) func findsReplacesAndRemovesMembers(count: Int) {
        var object = JSONObject((0..<count).map { ("k\($0)", .integer(Int64($0))) })
        #expect(object.count == count)
        for number in 0..<count { #expect(object["k\(number)"] == .integer(Int64(number))) }
        #expect(object["k\(count)"] == nil)
        object["k0"] = "new"
        #expect(object.keys.first == "k0")
        object["k0"] = nil
        object["k0"] = nil
        #expect(object["k0"] == nil)
        for number in stride(from: 1, to: count, by: 1) { #expect(object["k\(number)"] == .integer(Int64(number))) }
        let appended = object.appendIfNew("k0", 5)
        #expect(appended)
        let again = object.appendIfNew("k0", 6)
        #expect(!again)
        #expect(object["k0"] == 5)
        #expect(object.keys.last == "k0")
    }

    @Test func comparesMembersInAnyOrder() {
        #expect(JSONObject([("a", 1), ("b", 2)]) == JSONObject([("b", 2), ("a", 1)]))
        #expect(JSONObject([("a", 1), ("b", 2)]).hashValue == JSONObject([("b", 2), ("a", 1)]).hashValue)
        #expect(JSONObject([("a", 1)]) != JSONObject([("a", 1.0)]))
        #expect(JSONObject([("\u{E9}", 1)]) != JSONObject([("e\u{301}", 1)]))
    }

    @Test func keepsTheLastOfSeveralValuesAtTheFirstPlace() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
    }
}
