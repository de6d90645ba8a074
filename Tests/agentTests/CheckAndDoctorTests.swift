// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct CheckAndDoctorTests {
    private func check(_ source: String, _ flags: [String] = []) async throws -> Outcome {
        let command = try Command()
        try command.folder.write(source, to: "s.lua")
        return try await command.run(["check"] + flags + ["s.lua"])
    }

    @Test func checkShowsToolsParametersAndNeeds() async throws {
        let outcome = try await check(
            """
            local agent = require "agent"
            local s = agent.schema
            local t = agent.tool { name = "fetch", description = "Fetches.", effect = "read", run = print,
              parameters = { url = s.string { description = "Where" }, n = s.integer { default = 1 } },
              needs = { net = { "example.org" } } }
            return agent.new { tools = { t } }
            """)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(
            outcome.out == """
                s.lua: an agent with 1 tool
                  tool fetch (read): Fetches.
                    n (integer, optional)
                    url (string): Where
                    needs --allow-net=example.org
                  arguments of fetch (local):
                    enforced by the engine: additionalProperties, properties, type, required
                  not granted: --allow-net=example.org
                  if you trust it with that, run: agent run --allow-net=example.org s.lua

                """)
    }

    private let needy = """
        local agent = require "agent"
        return agent.new { tools = { agent.tool { name = "t", run = print, effect = "final",
          needs = { net = { "a.org", "*.b.org" }, read = { "my docs" }, write = true, env = { "K" }, exec = { "git" } } } } }
        """

    @Test func checkSaysWhatTheFlagsLeaveOut() async throws {
        let outcome = try await check(needy, ["--allow-net=a.org", "--allow-env", "--allow-write=out"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("tool t (final)"))
        #expect(
            outcome.out.contains(
                "    needs '--allow-net=a.org,*.b.org'\n    needs '--allow-read=my docs'\n    needs --allow-write\n"))
        let missing = "'--allow-net=*.b.org' '--allow-read=my docs' --allow-exec=git"
        #expect(outcome.out.contains("  not granted: \(missing)\n"), "\(outcome.out)")
        #expect(
            outcome.out.contains(
                "run: agent run --allow-net=a.org --allow-write=out --allow-env \(missing) s.lua\n"), "\(outcome.out)")
        let granted = try await check(needy, ["--allow-all"])
        #expect(!granted.out.contains("not granted"))
    }

    @Test func checkAsJSONNamesWhatIsMissing() async throws {
        let json = try JSONValue(parsing: try await check(needy, ["--json", "--allow-read", "-A"]).out)
        #expect(json["missing_flags"] == nil)
        #expect(json["tools"]?[0]?["needs"]?["write"] == true)
        let missing = try JSONValue(parsing: try await check(needy, ["--json", "--allow-read", "--allow-net"]).out)
        #expect(missing["missing_flags"] == ["--allow-write", "--allow-env=K", "--allow-exec=git"])
        #expect(missing["tools"]?[0]?["missing"] == ["write": true, "env": ["K"], "exec": ["git"]])
    }

    @Test func checkRunsNoEffect() async throws {
        let outcome = try await check("local agent = require 'agent'\nprint('x')\nagent.fs.write('made.txt', 'x')")
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("does its work itself (agent.fs.write at s.lua:3)"), "\(outcome.out)")
    }

    @Test func checkFindsABadSchemaWithItsLine() async throws {
        let outcome = try await check(
            "local agent = require 'agent'\nagent.tool { name = 't', run = print, parameters = { type = 'oops' } }")
        #expect(outcome.status == 1)
        #expect(outcome.err.contains("s.lua:2:"), "\(outcome.err)")
    }

    @Test func checkAsJSONIsOneObject() async throws {
        let outcome = try await check("return require('agent').new {}", ["--json"])
        #expect(
            try JSONValue(parsing: outcome.out)
                == ["kind": "agent", "agents": [["model": "local", "tools": [:]]], "tools": []])
    }

    private let book = """
        local agent = require "agent"
        local s = agent.schema
        return agent.new { model = MODEL,
          output = s.object { name = s.string { pattern = "^[A-Z]" }, year = s.integer { min = 1450, multiple_of = 1 } } }
        """

    @Test func checkSaysWhatTheModelEnforcesAndWhatIsCheckedAfter() async throws {
        let outcome = try await check(book.replacing("MODEL", with: "'local'"))
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(
            outcome.out.contains(
                """
                  output (local):
                    enforced by the engine: additionalProperties, properties, type, minimum, required
                    checked after: pattern, multipleOf
                """), "\(outcome.out)")
        let json = try await check(book.replacing("MODEL", with: "'local'"), ["--json"])
        let keywords = try JSONValue(parsing: json.out)["agents"]?[0]?["output"]?.arrayValue ?? []
        #expect(
            keywords.contains(["keyword": "pattern", "location": "/properties/name/pattern", "enforced": false]))
        #expect(
            keywords.contains(["keyword": "minimum", "location": "/properties/year/minimum", "enforced": true]))
    }

    @Test func ofAServersPromisesNothingCounts() async throws {
        let outcome = try await check(book.replacing("MODEL", with: "'mistral-small-latest'"))
        #expect(outcome.status == 0)
        #expect(outcome.out.contains("output (no model: MISTRAL_API_KEY is not set"), "\(outcome.out)")
        #expect(
            outcome.out.contains("checked after: additionalProperties, properties, pattern, type"), "\(outcome.out)")
        #expect(!outcome.out.contains("enforced"))
    }

    @Test func theDoctorNamesWhatIsMissingAndItsSize() async throws {
        let outcome = try await Command().run(["doctor"])
        #expect(outcome.out.contains("default model   local"), "\(outcome.out)")
        #expect(outcome.out.contains("MB"))
        #expect(outcome.out.contains("set MISTRAL_API_KEY"))
    }

    @Test func theDoctorNeverShowsAKey() async throws {
        var command = try Command()
        command.variables["MISTRAL_API_KEY"] = "secret-key"
        let outcome = try await command.run(["doctor"])
        #expect(outcome.status == 0)
        #expect(outcome.out.contains("default model   mistral-small-latest"))
        #expect(!outcome.out.contains("secret-key"))
    }

    @Test func withoutPythonTheDoctorExitsWith3() async throws {
        var command = try Command()
        command.variables["PATH"] = command.folder.path
        let outcome = try await command.run(["doctor"])
        #expect(outcome.status == 3)
        #expect(outcome.out.contains("apt install python3"))
    }
}
