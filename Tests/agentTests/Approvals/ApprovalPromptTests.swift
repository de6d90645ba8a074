// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Testing

@testable import agent

@Suite struct ApprovalPromptTests {
    private func prompt(
        _ arguments: JSONValue, name: String = "save", effect: ToolDefinition.Effect = .write, canRemember: Bool = true,
        isEdited: Bool = false, problems: [String] = [], secrets: SecretRedactor = SecretRedactor()
    ) -> ApprovalPrompt {
        let request = ApprovalRequest(
            call: ToolCall(id: "1", name: name, arguments: "{}"), tool: ToolDefinition(name: name, effect: effect),
            arguments: arguments, origin: ToolOrigin(file: "tools.lua", digest: "00"))
        return ApprovalPrompt(
            request: request, arguments: arguments, isEdited: isEdited, canRemember: canRemember, problems: problems,
            style: Style(isOn: false), secrets: secrets)
    }

    @Test func showsToolEffectFileAndArguments() {
        #expect(
            prompt(["path": "a.txt", "n": 1]).question(showsAll: false) == """

                Allow save? (write: changes something, of tools.lua)
                  {
                    "path": "a.txt",
                    "n": 1
                  }
                [y] once  [a] always in this run  [f] always for this file  [n] no  [e] edit  [v] view all >\u{20}
                """)
    }

    @Test func editedArgumentsCanBeAllowedOnlyOnce() {
        let text = prompt(["n": "x"], isEdited: true, problems: ["/n: expected an integer"]).question(showsAll: false)
        #expect(
            text.contains("with edited arguments\nThe edited arguments are not valid:\n  /n: expected an integer\n"))
        #expect(text.hasSuffix("\n[y] once  [n] no  [e] edit  [v] view all > "))
    }

    @Test func whatCannotBeRememberedIsNotOffered() {
        #expect(!prompt([:], canRemember: false).choices.contains("[f]"))
    }

    /// Arguments that draw a question of their own must not look like ours.
    @Test func argumentsCannotPassForAQuestion() {
        let text = prompt(["p": "\u{1B}[2J\r\nAllow ls? (read)\n[y] once > \u{202E}", "a\u{200B}\u{7}\nb": 1])
            .question(showsAll: true)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 6)
        let indented = lines[1...4].filter { $0.hasPrefix("  ") }
        #expect(indented.count == 4)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\u{200B}"))
        #expect(text.contains(#"Allow ls? (read)\n[y] once > \u{202E}"#))
    }

    @Test func longValuesAreCutWithACountAndShownOnRequest() {
        let arguments: JSONValue = ["text": .string(String(repeating: "x", count: 1000) + "END")]
        let cut = prompt(arguments).question(showsAll: false)
        // Two spaces, the key with its colon, a value of 1003 characters in quotes: 1015, of which 300 are shown.
        #expect(cut.contains("x(715 more characters; v shows all)"))
        #expect(!cut.contains("END"))
        #expect(prompt(arguments).question(showsAll: true).contains("xEND\""))
    }

    @Test func manyLinesAreCutWithACount() {
        let arguments: JSONValue = ["list": .array((0..<100).map { .integer($0) })]
        #expect(prompt(arguments).question(showsAll: false).contains("\n(64 more lines; v shows all)\n"))
        #expect(prompt(arguments).question(showsAll: true).contains("    99\n"))
    }

    @Test func secretsAreNotShown() {
        let secrets = SecretRedactor()
        secrets.note("hunter22")
        #expect(prompt(["k": "hunter22"], secrets: secrets).question(showsAll: true).contains("\"k\": \"[redacted]\""))
    }

    @Test(
        arguments: [
            ("y", .once), (" Yes ", .once), ("a", .alwaysInRun), ("f", .alwaysForFile), ("n", .deny(reason: nil)),
            ("no too  big ", .deny(reason: "too  big ")), ("e", .edit), ("v", .showAll),
        ] as [(String, ApprovalAnswer)])
    func readsAnswers(line: String, answer: ApprovalAnswer) {
        #expect(ApprovalAnswer(line) == answer)
    }

    @Test(arguments: ["", " ", "yy", "y n", "ok", "\u{1B}[A", "always yes", "1", "ｙ"])
    func anythingElseIsNoAnswer(line: String) {
        #expect(ApprovalAnswer(line) == nil)
    }
}
