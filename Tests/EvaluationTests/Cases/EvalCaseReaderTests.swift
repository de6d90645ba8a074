// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Evaluation
import JSONCore
import Testing

@Suite struct EvalCaseReaderTests {
    private func read(_ lines: [String], defaults: CheckDefaults = CheckDefaults()) -> EvalCaseReader {
        var reader = EvalCaseReader(defaults: defaults)
        reader.begin(file: "sets/dev.jsonl")
        for line in lines { reader.read(Array(line.utf8).span) }
        return reader
    }

    @Test func aCaseHasItsPlaceAndItsDefaults() throws {
        let reader = read([#"{"input":"hi","expected":"ho"}"#])
        #expect(reader.faults.isEmpty)
        let found = try #require(reader.cases.first)
        #expect(found.id == "dev:1" && found.place == "sets/dev.jsonl:1" && found.set == "dev")
        #expect(found.input == [.user("hi")])
        #expect(found.checks.map(\.name) == ["exact"])
    }

    @Test func allFieldsAreRead() throws {
        let line = """
            {"id":"x","input":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q"}]}],"category":"fraud",
            "label":true,"tags":["a","b"],"set":"redteam","rubric":"be kind","metadata":{"n":1}}
            """
        let reader = read([line.replacing("\n", with: " ")])
        #expect(reader.faults.map(\.description) == [])
        let found = try #require(reader.cases.first)
        #expect(found.input == [.system("s"), .user("q")] && found.text == "q")
        #expect(
            found.category == "fraud" && found.label == .block && found.tags == ["a", "b"] && found.set == "redteam")
        #expect(found.checks.map(\.name) == ["refused", "judge"])
        #expect(found.metadata == ["n": 1])
    }

    @Test(arguments: [
        (#"{"input":"a","expected":1}"#, ["number"]), (#"{"input":"a","expected":{"b":1}}"#, ["json"]),
        (#"{"input":"a","expected":null,"label":"allow"}"#, ["refused"]),
        (#"{"input":"a","check":["refused",{"type":"latency","seconds":2}]}"#, ["refused", "latency"]),
        (#"{"input":"a","expected":"b","check":"contains"}"#, ["contains"]),
        (#"{"input":"a","expected":"b","label":"block","check":"exact"}"#, ["exact"]),
        (#"{"input":"a","check":{"type":"schema","schema":"name, age: integer"}}"#, ["schema"]),
        (
            #"{"input":"a","check":{"type":"tools","calls":["f",{"name":"g","arguments":{"n":1}}],"order":"exact"}}"#,
            ["tools"]
        ),
    ])
    func checksFollowFromWhatIsExpected(line: String, names: [String]) {
        let reader = read([line])
        #expect(reader.faults.map(\.description) == [])
        #expect(reader.cases.first?.checks.map(\.name) == names)
    }

    @Test(arguments: [
        (#"{"input":"a"}"#, "nothing to hold the answer to"),
        (#"{"input":"a","check":{"type":"latency","seconds":2}}"#, "nothing to hold the answer to"),
        (#"{"expected":"a"}"#, "/input: expected a prompt or a list of messages, found nothing"),
        (#"{"input":[],"expected":"a"}"#, "/input: expected a prompt or a list of messages, found array"),
        (#"{"input":[{"role":"boss"}],"expected":"a"}"#, "/input/0/role: expected"),
        (#"{"input":"a","expcted":"a"}"#, "/expcted: unknown; known are id, input"),
        (#"{"input":"a","label":"yes"}"#, "/label: expected"),
        (#"{"input":"a","label":"block","tags":["x",2]}"#, "/tags/1: expected a string, found integer"),
        (#"{"input":"a","check":"exakt"}"#, "/check: no check is called \"exakt\"; there are exact, contains"),
        (#"{"input":"a","check":"exact"}"#, "/check: needs a text"),
        (#"{"input":"a","check":[{"type":"regex","pattern":"("}]}"#, "/check/0/pattern: not a pattern of ECMA-262"),
        (#"{"input":"a","check":{"type":"number","value":1,"tolerance":-1}}"#, "/check/tolerance: expected a number"),
        (#"{"input":"a","check":{"type":"schema","schema":{"type":"strin"}}}"#, "/check/schema: not a schema"),
        (#"{"input":"a","check":{"type":"tools","calls":[{"nme":"f"}]}}"#, "/check/calls/0/nme: unknown"),
        (
            #"{"input":"a","rubric":{"criteria":"c","scale":["1","2"],"pass":["3"]}}"#,
            "/rubric/pass: expected some of the scale"
        ),
        (#"{"input":"a","rubric":{"criteria":"c","scale":["1","1"]}}"#, "/rubric/scale: expected two or more"),
        (
            #"{"input":"a","check":{"type":"label","value":"x","pointer":"x"}}"#,
            "/check/pointer: expected a JSON Pointer"
        ),
        (#"["a"]"#, "expected an object, found array"),
        (#"{"input":"a","input":"b"}"#, "not JSON: "),
    ])
    func faultsSayWhereAndWhat(line: String, message: String) throws {
        let reader = read([#"{"input":"fine","expected":"x"}"#, line])
        let fault = try #require(reader.faults.first)
        #expect(fault.line == 2)
        #expect(fault.description.hasPrefix("sets/dev.jsonl:2: " + message), "\(fault)")
        #expect(reader.faults.count == 1 && reader.cases.count == 1)
    }

    @Test func aFaultInJSONHasItsByte() throws {
        let fault = try #require(read([#"{"input": nope}"#]).faults.first)
        #expect(
            fault.description.hasSuffix("at byte 10 of the line") || fault.message.contains("at byte 11"), "\(fault)")
    }

    @Test func oneIDIsOneCase() throws {
        let reader = read([#"{"id":"x","input":"a","expected":"b"}"#, #"{"id":"x","input":"c","expected":"d"}"#])
        #expect(
            reader.faults.map(\.description) == [
                #"sets/dev.jsonl:2: /id: the id "x" is also that of sets/dev.jsonl:1"#
            ])
    }

    @Test func windowsLinesAMarkAndEmptyLinesAreNoCases() {
        let reader = read([
            "\u{FEFF}" + #"{"input":"a","expected":"b"}"# + "\r", "", "  \t\r", #"{"input":"c","expected":"d"}"# + "\r",
        ])
        #expect(reader.faults.map(\.description) == [])
        #expect(reader.cases.map(\.id) == ["dev:1", "dev:4"])
    }

    @Test func aMarkInsideTheFileIsAFault() {
        #expect(
            read([#"{"input":"a","expected":"b"}"#, "\u{FEFF}" + #"{"input":"c","expected":"d"}"#]).faults.count == 1)
    }

    @Test func aLongLineIsReadWhole() {
        let text = String(repeating: "käse ", count: 400_000)
        let reader = read([#"{"input":"\#(text)","expected":"b"}"#])
        #expect(reader.faults.isEmpty && reader.cases.first?.text.utf8.count == text.utf8.count)
    }

    @Test func eachFileHasItsOwnLinesAndSet() {
        var reader = read([#"{"input":"a","expected":"b"}"#])
        reader.begin(file: "redteam.v2.jsonl")
        reader.read(Array(#"{"input":"a","expected":"b"}"#.utf8).span)
        #expect(reader.cases.map(\.id) == ["dev:1", "redteam.v2:1"])
    }

    @Test func guardrailsNeedALabelAndNothingElse() throws {
        let defaults = CheckDefaults(judgesGuardrail: true)
        let reader = read([#"{"input":"a","label":"block"}"#, #"{"input":"a","expected":"b"}"#], defaults: defaults)
        #expect(reader.cases.map { $0.checks.map(\.name) } == [["verdict"]])
        #expect(reader.faults.first?.description.contains("/label: expected \"allow\" or \"block\"") == true)
    }

    @Test func defaultsHoldCasesThatSayNothingThemselves() {
        let defaults = CheckDefaults(checks: [.contains, .judge], rubric: Rubric("is kind"))
        let reader = read(
            [#"{"input":"a","expected":"b"}"#, #"{"input":"a","expected":"b","check":"exact"}"#], defaults: defaults)
        #expect(reader.faults.map(\.description) == [])
        #expect(reader.cases.map { $0.checks.map(\.name) } == [["contains", "judge"], ["exact", "judge"]])
    }

    /// Whatever the bytes, a line is a case, a fault or blank: never lost, never a crash.
    @Test func anyBytesAreACaseAFaultOrBlank() {
        var random = SystemRandomNumberGenerator()
        let seed = Array(
            #"{"id":"x","input":[{"role":"user","content":"a"}],"expected":1,"check":[{"type":"tools","calls":["f"]}],"tags":["t"]}"#
                .utf8)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array("{}[]\",:0atn\\".utf8).randomElement(using: &random) ?? 0, at: place)
                }
            }
            var reader = EvalCaseReader()
            reader.begin(file: "f")
            reader.read(bytes.span)
            #expect(reader.cases.count + reader.faults.count == 1, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
