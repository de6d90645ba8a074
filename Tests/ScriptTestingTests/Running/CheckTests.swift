// SPDX-License-Identifier: Apache-2.0

import ScriptTesting
import Testing

/// Each check of values: what passes, and what is said where it fails.
@Suite struct CheckTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test(arguments: [
        "t:ok(1)", "t:equal(nil, nil)", "t:equal({ a = { 1, 2 } }, { a = { 1, 2 } })", "t:equal('a', 'a')",
        "t:equal(9007199254740993, 9007199254740993)", "t:equal({}, {})", "t:equal(agent.json.null, agent.json.null)",
        "t:contains('abc', 'b')", "t:contains({ 'a', 'b' }, 'b')", "t:contains({ { n = 1, m = 2 } }, { n = 1 })",
        "t:contains({ a = 1, b = { c = 2, d = 3 } }, { b = { c = 2 } })", "t:matches('abc', '^a.c$')",
        "t:near(0.1 + 0.2, 0.3, 1e-9)", "t:raises(function() error('bad thing') end, 'bad')",
        "t:raises(function() error() end)",
    ])
    func passes(check: String) async throws {
        let result = try await folder.test(check)
        #expect(result.status == .passed, "\(result.said)")
        #expect(result.checks == 1)
    }

    @Test(arguments: [
        ("t:ok(nil)", "expected a true value, found nil"),
        ("t:fail('no')", "no"),
        ("t:equal(1, 1.0)", "expected 1.0, found 1"),
        ("t:equal({ a = { 1, 'x' } }, { a = { 1, 'y' } })", #"/a/1: expected "y", found "x""#),
        ("t:equal({ a = 1 }, { a = 1, b = 2 })", "/b: expected 2, found nothing"),
        ("t:equal({ 1, 2 }, { 1 })", "/1: expected nothing, found 2"),
        ("t:equal(nil, 'x', 'the city')", #"the city: expected "x", found nil"#),
        ("t:equal({ a = 1 }, { a = 2 }, 'the row')", "the row: /a: expected 2, found 1"),
        ("t:contains('abc', 'x')", #"expected a text with "x", found "abc""#),
        ("t:contains({ 1, 2 }, 3)", "expected a list with 3, found [1,2]"),
        ("t:contains({ a = { b = 1, c = 2 } }, { a = { b = 3 } })", "/a/b: expected 3, found 1"),
        ("t:contains(nil, 'x')", #"expected something with "x", found nil"#),
        ("t:matches('abc', '^b')", #"expected a text that matches "^b", found "abc""#),
        ("t:matches(nil, '^b')", #"expected a text that matches "^b", found nil"#),
        ("t:near(1, 2, 0.5)", "expected 2, 0.5 more or less, found 1"),
        ("t:near('1', 2, 0.5)", "expected 2, 0.5 more or less, found 1"),
        ("t:raises(function() end)", "expected an error, and there was none"),
        ("t:raises(function() error('a') end, 'b')", "expected an error with"),
    ])
    func says(check: String, what: String) async throws {
        let result = try await folder.test(check)
        #expect(result.said.count == 1)
        #expect(result.said.first?.hasPrefix("x_test.lua:3: \(what)") == true, "\(result.said)")
    }

    @Test func longTextsAreShownWhereTheyDiffer() async throws {
        let result = try await folder.test(
            "t:equal({ ('a'):rep(500) .. 'X' .. 'tail' }, { ('a'):rep(500) .. 'Y' .. 'tail' })")
        #expect(
            result.said[0].contains(#"expected …"aaaaaaaaaaaaaaaaaaaaYtail", found …"aaaaaaaaaaaaaaaaaaaaXtail""#),
            "\(result.said)")
    }

    @Test func aCheckTellsWhetherItPassed() async throws {
        let result = try await folder.test("if not t:equal(1, 2) then return end t:fail('not reached')")
        #expect(result.said.count == 1)
    }

    @Test(arguments: [
        ("t:called({}, 'a')", "expected a run, what t:run returns; found table"),
        ("t:calls('get_weather', {})", "expected a run"),
        ("t:matches('a', 1)", "t:matches: pattern: expected a string"),
        ("t:equal(print, 1)", "function"),
        ("t:load('none.lua')", "none.lua: No such file or directory (paths are from the folder"),
    ])
    func misuseIsAnErrorOfTheTest(check: String, says: String) async throws {
        let result = try await folder.test(check)
        #expect(result.said.count == 1)
        #expect(result.said.first?.contains(says) == true, "\(result.said)")
    }
}
