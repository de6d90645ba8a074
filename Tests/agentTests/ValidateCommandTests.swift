// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite("agent validate")
struct ValidateCommandTests {
    private let schema = """
        {"type":"object","required":["name"],"properties":{"name":{"type":"string"},
         "tags":{"type":"array","items":{"type":"string"}},"mail":{"format":"email"}}}
        """

    private func validate(_ flags: [String], files: [String: String], input: String = "") async throws -> Outcome {
        let command = try Command()
        try command.folder.write(schema, to: "schema.json")
        for (name, text) in files { try command.folder.write(text, to: name) }
        return try await command.run(["validate"] + flags, input: input)
    }

    @Test("says nothing of valid files and exits with 0")
    func valid() async throws {
        let outcome = try await validate(
            ["schema.json", "a.json", "b.json"],
            files: ["a.json": #"{"name":"a"}"#, "b.json": #"{"name":"b","tags":[]}"#])
        #expect((outcome.status, outcome.out, outcome.err) == (0, "", ""))
    }

    @Test("gives each fault with line and column of the instance, and exits with 4")
    func invalid() async throws {
        let bad = "{\n  \"name\": 7,\n  \"tags\": [\"ä\", 3],\n  \"mail\": \"x\"\n}\n"
        let outcome = try await validate(
            ["schema.json", "good.json", "bad.json"], files: ["good.json": #"{"name":""}"#, "bad.json": bad])
        #expect(outcome.status == 4)
        let lines = outcome.out.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.first == "bad.json:2:11: /name: must be a string, but is 7")
        #expect(lines.contains("bad.json:3:17: /tags/1: must be a string, but is 3"), "\(outcome.out)")
        #expect(lines.last?.hasPrefix("bad.json:4:11: /mail: ") == true, "\(outcome.out)")
        #expect(outcome.err.isEmpty)
    }

    @Test("gives the place where a file is no JSON")
    func notJSON() async throws {
        let outcome = try await validate(["schema.json", "a.json"], files: ["a.json": "{\n \"name\": tru }"])
        #expect(outcome.status == 4)
        #expect(outcome.out.hasPrefix("a.json:2:13: expected the literal true"), "\(outcome.out)")
    }

    @Test(
        "reads stdin, short schemas and schemas in place", arguments: ["name, authors[]", #"{"required":["authors"]}"#])
    func inPlace(schema: String) async throws {
        let outcome = try await validate([schema, "-"], files: [:], input: #"{"name":"Emma"}"#)
        #expect(outcome.status == 4)
        #expect(outcome.out.hasPrefix("-:1:1: /: "), "\(outcome.out)")
        #expect(outcome.out.contains("authors"))
    }

    @Test("prints the basic output format as JSON")
    func json() async throws {
        let outcome = try await validate(["--json", "schema.json", "a.json"], files: ["a.json": #"{"name":1}"#])
        #expect(outcome.status == 4)
        let result = try JSONValue(parsing: outcome.out)
        #expect(result["valid"] == false)
        #expect(result["errors"]?[0]?["instanceLocation"] == "/name")
        #expect(result["errors"]?[0]?["keywordLocation"] == "/properties/name/type")
        #expect(result["errors"]?[0]?["column"] == 9)
    }

    @Test("with -q only tells by its exit code")
    func quiet() async throws {
        let outcome = try await validate(["-q", "schema.json", "a.json"], files: ["a.json": "[]"])
        #expect((outcome.status, outcome.out, outcome.err) == (4, "", ""))
    }

    @Test(
        "is wrong usage without a file that is there or a schema that compiles",
        arguments: [
            ["schema.json"], ["schema.json", "missing.json"], [#"{"type":"oops"}"#, "schema.json"],
            ["missing.json", "schema.json"],
            [#"{"$ref":"https://example.org/x"}"#, "schema.json"],
        ])
    func usage(arguments: [String]) async throws {
        let outcome = try await validate(arguments, files: [:])
        #expect(outcome.status == 2, "\(outcome.err)")
        #expect(!outcome.err.isEmpty)
    }

    @Test("checks the other files when one cannot be read, and exits with 2")
    func unreadable() async throws {
        let outcome = try await validate(["schema.json", "missing.json", "bad.json"], files: ["bad.json": "[]"])
        #expect(outcome.status == 2)
        #expect(outcome.err.contains("missing.json: No such file"))
        #expect(outcome.out.hasPrefix("bad.json:1:1: "), "\(outcome.out)")
    }
}
