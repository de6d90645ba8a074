// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalModels

@Suite("A pattern for the grammar") struct GrammarPatternTests {
    @Test(
        "is spelled out",
        arguments: [
            (#"^[0-9]{4}-[0-9]{2}$"#, #"^[0-9]{4}[-][0-9]{2}$"#),
            (#"^\d{3}$"#, #"^[0-9]{3}$"#),
            (#"^\+[0-9]{6,15}$"#, #"^[+][0-9]{6,15}$"#),
            (#"^[a-z0-9]+(-[a-z0-9]+)*$"#, #"^[a-z0-9]+([-][a-z0-9]+)*$"#),
            (#"^(?:ab|c)?[\w.-]*$"#, #"^(ab|c)?[A-Za-z0-9_.-]*$"#),
            (#"^ORD-\d+$"#, #"^ORD[-][0-9]+$"#),
            (#"^[-+.]x$"#, #"^[+.-]x$"#),
        ])
    func translated(pattern: String, expected: String) { #expect(GrammarPattern.translated(pattern) == expected) }

    @Test(
        "is left out when its grammar could break the JSON, is not anchored, or means something else",
        arguments: [
            "^a", "a$", "a", "^.$", "^[^a]$", #"^\S+$"#, #"^a\$"#, #"^["]$"#, #"^[\\]$"#, "^a|b$", "^(a|b$", "^a)$",
            "^[b-a]$",
            "^[0-z]$", "^a{2}?$", "^a+?$", "^(?=a)a$", #"^\p{L}$"#, "^ä$", "^a{1,9999}$", "^(a{100}){100}$", "^()$",
            "^a{x}$",
            "^[]$", "^$", #"^\1$"#, "^*$", "^[[:alpha:]]$",
        ])
    func leftOut(pattern: String) { #expect(GrammarPattern.translated(pattern) == nil) }
}
