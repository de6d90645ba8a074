// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Testing

/// `agent eval` against a server whose answer to a question is in the question: `say X` is answered with X.
@Suite struct EvalCommandTests {
    private static let agent = #"return require("agent").new { model = "mistral-small-latest" }"#
    private static let set = """
        {"id":"one","input":"say spam","expected":"spam","check":"label","tags":["a"]}
        {"id":"two","input":"say ham","expected":"spam","check":"label"}
        {"id":"three","input":"say ham","expected":"ham","check":"label","tags":["a"]}

        """

    private static func answer(_ request: FakeRequest) -> FakeReply {
        let json = try? request.json
        let messages = json?["messages"]?.arrayValue ?? []
        let text = messages.last?["content"]?.stringValue ?? ""
        if text.hasPrefix("Judge the answer") {
            let answer = text.contains("kind words") ? "pass" : "fail"
            return .completion(#"{"reason":"by its words","verdict":"\#(answer)"}"#)
        }
        if text == "break" { return .json(["message": "no such thing"], status: 400) }
        return .completion(String(text.drop { $0 != " " }.dropFirst()))
    }

    private func run(
        _ arguments: [String], files: [String: String] = [:], set: String = set
    ) async throws -> (outcome: Outcome, folder: Folder, requests: [FakeRequest]) {
        let server = try await FakeModelServer.start { Self.answer($0) }
        let command = try Command(server: server)
        try command.folder.write(set, to: "set.jsonl")
        try command.folder.write(Self.agent, to: "a.lua")
        for (name, text) in files { try command.folder.write(text, to: name) }
        let outcome = try await command.run(["eval"] + arguments)
        await server.shutdown()
        return (outcome, command.folder, server.requests)
    }

    /// The output without the line that no two runs share.
    private func steady(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("latency") }
            .joined(separator: "\n")
    }

    @Test func theReportSaysWhatWasRightAndHowSureThatIs() async throws {
        let outcome = try await run(["set.jsonl", "a.lua", "-q"]).outcome
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.err.isEmpty)
        #expect(
            steady(outcome.out) == """
                a.lua (mistral-small-latest)
                3 cases: 2 right, 1 wrong
                accuracy 66.7 % (95 %: 20.8–93.9 %)

                tag  a  2/2  100.0 % (95 %: 34.2–100.0 %)

                label  precision   recall      F1  cases
                spam     100.0 %   50.0 %  66.7 %      2
                ham       50.0 %  100.0 %  66.7 %      1
                macro     75.0 %   75.0 %  66.7 %      3
                micro     66.7 %   66.7 %  66.7 %      3

                expected \\ got  spam  ham
                spam               1    1
                ham                0    1

                answers 33 + 21 tokens, $0.00001755

                not passed:
                  two (set.jsonl:2) label: expected spam, got ham

                """, "\(outcome.out)")
        #expect(outcome.out.contains("\nlatency p50 "))
    }

    @Test func withoutAFileTheFlagsAreTheAgent() async throws {
        let (outcome, _, requests) = try await run(
            ["set.jsonl", "--model", "openai:x", "--system", "Be brief.", "--seed", "5", "--limit", "1"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.hasPrefix("x\n1 case: 1 right, 0 wrong\n"), "\(outcome.out)")
        #expect(outcome.out.contains("answers 11 + 7 tokens, cost not known"), "\(outcome.out)")
        let sent = try requests[0].json
        #expect(sent["messages"]?[0]?["content"] == "Be brief.")
        #expect(sent["seed"] == 5)
    }

    @Test func anInvalidLineStopsItBeforeAnythingIsSent() async throws {
        let (outcome, _, requests) = try await run(["set.jsonl", "a.lua"], set: Self.set + "{\"input\":1}\n{}\nnope\n")
        #expect(outcome.status == 2)
        #expect(requests.isEmpty && outcome.out.isEmpty)
        #expect(
            outcome.err.hasPrefix("agent: nothing was sent:\nset.jsonl:4: /input: expected a prompt"), "\(outcome.err)")
        #expect(outcome.err.contains("set.jsonl:5: /input") && outcome.err.contains("set.jsonl:6: not JSON"))
    }

    @Test func dryRunCountsAndSendsNothing() async throws {
        let (outcome, _, requests) = try await run(["set.jsonl", "a.lua", "--dry-run", "--repeat", "3"])
        #expect(outcome.out == "3 cases (set 3), 9 tries, held to: label 3; nothing was sent\n")
        #expect(requests.isEmpty)
    }

    @Test func filtersAndLimitsChooseCases() async throws {
        let tagged = try await run(["set.jsonl", "a.lua", "--filter", "tag=a", "--dry-run"]).outcome
        #expect(tagged.out.hasPrefix("2 cases"))
        let one = try await run([
            "set.jsonl", "a.lua", "--filter", "id=two", "--filter", "id=one", "--limit", "1", "--dry-run",
        ])
        #expect(one.outcome.out.hasPrefix("1 cases"))
        let none = try await run(["set.jsonl", "a.lua", "--filter", "tag=z"]).outcome
        #expect(none.status == 2 && none.err.contains("--filter leaves none of the 3 cases"), "\(none.err)")
    }

    @Test func jsonIsOneObjectWithTheCases() async throws {
        let json = try JSONValue(parsing: try await run(["set.jsonl", "a.lua", "--json"]).outcome.out)
        #expect(json["type"] == "agent_eval" && json["cases"] == 3)
        #expect(json["classification"]?["label"]?["confusion"]?["spam"]?["ham"] == 1)
        #expect(json["results"]?[1]?["tries"]?[0]?["checks"]?[0]?["got"] == "ham")
        #expect(json["usage"]?["cost"] == 0.00001755)
    }

    @Test func jsonLinesAreTheCasesInTheirOrder() async throws {
        let outcome = try await run(["set.jsonl", "a.lua", "--jsonl", "--width", "3"]).outcome
        let ids = try outcome.out.split(separator: "\n").map { try JSONValue(parsing: String($0))["id"] }
        #expect(ids == ["one", "two", "three"])
    }

    // MARK: - Gates

    @Test func aGateThatIsNotMetEndsWith1AndSaysWhich() async throws {
        let outcome = try await run(
            [
                "set.jsonl", "a.lua", "-q", "--min", "accuracy=0.6,recall.spam=0.9", "--max", "errors=0", "-o",
                "report.txt",
            ])
        #expect(outcome.outcome.status == 1)
        #expect(outcome.outcome.err == "agent: gate not met: recall.spam is 0.5, and must be at least 0.9\n")
        #expect(try outcome.folder.read("report.txt").hasPrefix("a.lua"), "the report is written all the same")
    }

    @Test func gatesThatAreMetEndWith0() async throws {
        let outcome = try await run(["set.jsonl", "a.lua", "--min", "accuracy=0.6,f1=0.6,macro_f1=0.6"]).outcome
        #expect(outcome.status == 0, "\(outcome.err)")
    }

    @Test func aGateWithoutFigureIsWrongUsage() async throws {
        let outcome = try await run(["set.jsonl", "a.lua", "--min", "acuracy=1"]).outcome
        #expect(outcome.status == 2 && outcome.err.contains("figures: accuracy"), "\(outcome.err)")
    }

    // MARK: - Errors

    @Test func whatCouldNotBeJudgedIsCountedApartAndIsNever0() async throws {
        let outcome = try await run(
            ["set.jsonl", "a.lua", "-q"], set: Self.set + #"{"id":"four","input":"break","expected":"x"}"# + "\n"
        ).outcome
        #expect(outcome.status == 8, "\(outcome.err)")
        #expect(
            outcome.out.contains("4 cases: 2 right, 1 wrong, 1 try not judged (1 model)\naccuracy 66.7 %"),
            "\(outcome.out)")
        #expect(outcome.err.contains("agent: 1 try could not be judged; first: "), "\(outcome.err)")
    }

    // MARK: - The judge

    @Test func aJudgeGoesByTheRubricAndItsUseIsShownApart() async throws {
        let set = """
            {"id":"kind","input":"say kind words","rubric":"The answer is kind."}
            {"id":"rude","input":"say go away","rubric":"The answer is kind."}

            """
        let (outcome, _, requests) = try await run(["set.jsonl", "a.lua", "--judge", "openai:judge", "-q"], set: set)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(
            outcome.out.contains("a.lua (mistral-small-latest, judge judge)\n2 cases: 1 right, 1 wrong"),
            "\(outcome.out)")
        #expect(outcome.out.contains("judge 22 + 14 tokens, cost not known"))
        #expect(outcome.out.contains("rude (set.jsonl:2) judge: fail: by its words"))
        let judged = try requests.map { try $0.json }.filter { $0["model"] == "judge" }
        #expect(judged.count == 2)
        #expect(
            judged.allSatisfy {
                $0["response_format"]?["json_schema"]?["schema"]?["properties"]?["verdict"]?["enum"] == [
                    "pass", "fail",
                ]
            })
    }

    // MARK: - Comparing

    @Test func twoAgentsAreComparedCaseByCase() async throws {
        let shout = #"return require("agent").new { model = "openai:other", instructions = "x" }"#
        let outcome = try await run(["set.jsonl", "a.lua", "--compare", "b.lua", "-q"], files: ["b.lua": shout]).outcome
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("compared: first a.lua, second b.lua\n"), "\(outcome.out)")
        #expect(outcome.out.contains("difference ±0.0 points (95 %: "), "\(outcome.out)")
        #expect(outcome.out.contains("paired 3: both right 2, only first 0, only second 0, both wrong 1"))
    }

    @Test func beforeAndAfterAreComparedByAStoredReport() async throws {
        let before = try await run(["set.jsonl", "a.lua", "--json"]).outcome.out
        let set = Self.set.replacing(#"say ham","expected":"spam""#, with: #"say spam","expected":"spam""#)
        let (outcome, _, _) = try await run(
            ["set.jsonl", "a.lua", "--baseline", "before.json", "-q", "--min", "difference=0"],
            files: ["before.json": before], set: set)
        #expect(outcome.status == 0, "\(outcome.err)")
        // The second case asks something else now, so it is no pair.
        #expect(
            outcome.out.contains("paired 2: both right 2") && outcome.out.contains("not paired: two"), "\(outcome.out)")
        let wrong = try await run(["set.jsonl", "a.lua", "--baseline", "before.json"], files: ["before.json": "{}"])
            .outcome
        #expect(wrong.status == 2 && wrong.err.contains("--baseline before.json: expected a report"), "\(wrong.err)")
    }

    // MARK: - Guardrails

    @Test func aGuardrailIsHeldToTheLabels() async throws {
        let set = """
            {"id":"short","input":"ok","label":"allow"}
            {"id":"long","input":"much too long","label":"block"}
            {"id":"missed","input":"bad","label":true}

            """
        let (outcome, _, requests) = try await run(
            ["set.jsonl", "--guardrail", #"{"type":"max_length","characters":5}"#, "--stage", "output", "-q"], set: set)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(requests.isEmpty)
        #expect(outcome.out.hasPrefix("max_length (output)\n3 cases: 2 right, 1 wrong\n"), "\(outcome.out)")
        #expect(outcome.out.contains("block      100.0 %   50.0 %  66.7 %      2"), "\(outcome.out)")
        #expect(outcome.out.contains("missed (set.jsonl:3) verdict: expected block, got pass"))
        let unlabelled = try await run(["set.jsonl", "--guardrail", "max_length"]).outcome
        #expect(
            unlabelled.status == 2 && unlabelled.err.contains("/label: expected \"allow\" or \"block\""),
            "\(unlabelled.err)")
    }

    // MARK: - Recorded runs

    /// Runs that were blocked or failed were left out, and the figures of the others looked perfect.
    @Test func recordedRunsThatEndedBadlyCount() async throws {
        let set = """
            {"id": "a", "input": "one", "label": "block"}
            {"id": "b", "input": "two", "label": "allow"}
            {"id": "c", "input": "three", "label": "block"}

            """
        func line(_ input: String, _ rest: String) -> String {
            #"{"type":"error","code":"guardrail","message":"blocked","messages":[{"role":"user","content":"\#(input)"}]\#(rest)}"#
        }
        let lines = [
            line("one", ""), line("two", ""), line("three", #","guardrail":{"failed":true}"#),
        ].joined(separator: "\n")
        let (outcome, _, requests) = try await run(
            ["set.jsonl", "--recorded", "runs.jsonl", "-q", "--json"], files: ["runs.jsonl": lines], set: set)
        let report = try JSONValue(parsing: outcome.out)
        let results = report["results"]?.arrayValue ?? []
        #expect(results.map { $0["right"] } == [true, false, .null], "\(outcome.out)")
        #expect(outcome.status != 0)
        #expect(requests.isEmpty)

        let nameless = #"{"type":"error","code":"guardrail","message":"blocked"}"#
        let gated = try await run(
            ["set.jsonl", "--recorded", "runs.jsonl", "-q", "--min", "accuracy=0.1"],
            files: ["runs.jsonl": lines + "\n" + nameless], set: set
        ).outcome
        #expect(gated.status == 2 && gated.err.contains("gates cannot hold without them"), "\(gated.err)")
    }

    @Test func recordedRunsAreJudgedWithoutAModel() async throws {
        let server = try await FakeModelServer.start { request in
            let streams = (try? request.json["stream"]?.boolValue) ?? false
            return streams ? .stream(["sp", "am"]) : Self.answer(request)
        }
        let command = try Command(server: server)
        try command.folder.write(Self.agent, to: "a.lua")
        var lines = ""
        for text in ["say spam", "say ham", "say else"] {
            lines += try await command.run(["run", "--json", "--no-stream", "a.lua", text]).out
        }
        lines += try await command.run(["run", "--jsonl", "a.lua", "say spam"]).out
        await server.shutdown()
        let (outcome, _, requests) = try await run(
            ["set.jsonl", "--recorded", "runs.jsonl", "-q"], files: ["runs.jsonl": lines],
            set: #"{"id":"one","input":"say spam","expected":"spam"}"# + "\n"
                + #"{"id":"two","input":"say it","expected":"it"}"# + "\n")
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(requests.isEmpty)
        #expect(
            outcome.out.contains("1 case: 1 right, 0 wrong\n") && outcome.out.contains("2 tries a case"),
            "\(outcome.out)")
        #expect(
            outcome.err.contains("recorded runs that ask none of the cases: 2 (first runs.jsonl:2)"), "\(outcome.err)")
        #expect(outcome.err.contains("cases that no recorded run asks: 1 (first two)"), "\(outcome.err)")
        let monitored = try await run(
            ["--recorded", "runs.jsonl", "--rubric", "Is it kind?", "--judge", "openai:judge", "-q"],
            files: ["runs.jsonl": lines])
        #expect(monitored.outcome.status == 0, "\(monitored.outcome.err)")
        #expect(monitored.outcome.out.contains("3 cases: 0 right, 3 wrong"), "\(monitored.outcome.out)")
    }

    // MARK: - The page, and Ctrl-C

    @Test func thePageIsWrittenBesideTheReport() async throws {
        let set = #"{"id":"x","input":"say </script><script>alert(1)</script>","expected":"y"}"# + "\n"
        let (outcome, folder, _) = try await run(["set.jsonl", "a.lua", "--html", "page.html", "-q"], set: set)
        #expect(outcome.status == 0, "\(outcome.err)")
        let page = try folder.read("page.html")
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(!page.contains("<script") && page.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
    }

    @Test func interruptedItReportsWhatWasJudgedAndSaysSo() async throws {
        let gate = Gate()
        let server = try await FakeModelServer.start { request in
            let text = (try? request.json["messages"])?[0]?["content"]?.stringValue ?? ""
            if text.hasSuffix("hang") { await gate.pass() }
            return Self.answer(request)
        }
        let command = try Command(server: server)
        try command.folder.write(
            Self.set + #"{"id":"four","input":"say hang","expected":"x"}"# + "\n"
                + #"{"id":"five","input":"say x","expected":"x"}"# + "\n", to: "set.jsonl")
        try command.folder.write(Self.agent, to: "a.lua")
        let status = try await command.run(
            ["eval", "set.jsonl", "a.lua", "--width", "1", "-o", "report.txt", "--html", "page.html"],
            ending: .interrupt
        ) { await server.received(4) }
        gate.open()
        await server.shutdown()
        #expect(status == 130)
        let report = try command.folder.read("report.txt")
        #expect(report.contains("PARTIAL: 3 of 5 tries were judged\n5 cases: 2 right, 1 wrong"), "\(report)")
        #expect(try command.folder.read("page.html").contains("Interrupted."))
    }
}
