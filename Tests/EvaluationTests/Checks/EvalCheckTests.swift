// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ECMARegex
import JSONCore
import JSONSchemaCore
import Testing

@testable import Evaluation  // for the grades of single checks

@Suite struct EvalCheckTests {
    private func passes(_ kind: EvalCheck.Kind, _ answer: EvalAnswer) -> Bool {
        EvalCheck(kind).grade(answer)?.passed ?? false
    }

    @Test func exactIgnoresWhiteSpaceAtTheEndsAlone() {
        #expect(passes(.exact("yes", ignoresCase: false), EvalAnswer(" yes\n")))
        #expect(!passes(.exact("yes", ignoresCase: false), EvalAnswer("Yes")))
        #expect(passes(.exact("yes", ignoresCase: true), EvalAnswer("YES")))
        #expect(!passes(.exact("a b", ignoresCase: false), EvalAnswer("a  b")))
        // Same look, other bytes: keys and texts compare by bytes.
        #expect(!passes(.exact("\u{E9}", ignoresCase: false), EvalAnswer("e\u{301}")))
    }

    @Test func containsWantsAllAndNotContainsNone() {
        #expect(passes(.contains(["a", "b"], ignoresCase: false), EvalAnswer("b then a")))
        #expect(!passes(.contains(["a", "z"], ignoresCase: false), EvalAnswer("b then a")))
        #expect(passes(.containsNone(["z", "y"], ignoresCase: false), EvalAnswer("b then a")))
        #expect(!passes(.containsNone(["z", "THEN"], ignoresCase: true), EvalAnswer("b then a")))
    }

    /// An answer that failed its schema was right where a case only asked that nothing be refused.
    @Test func anAnswerWithoutTheFormThatItMustHaveIsRightForNoCheck() {
        let answer = EvalAnswer("gar", invalid: "the answer does not have the form asked for")
        let trajectory = ToolTrajectory([], order: .exact, forbidden: ["pay"])
        for kind in [EvalCheck.Kind.refused(false), .refused(true), .blocked(false), .tools(trajectory)] {
            #expect(!passes(kind, answer))
        }
    }

    @Test func aTimeThatIsNotKnownIsNotShort() {
        #expect(!passes(.latency(5), EvalAnswer("x")))
        #expect(passes(.latency(5), EvalAnswer("x", seconds: 5)))
    }

    @Test func regexMustOrMustNotBeFound() throws {
        let regex = try ECMARegex("^\\d+$")
        #expect(passes(.regex(regex, mustMatch: true), EvalAnswer("12")))
        #expect(!passes(.regex(regex, mustMatch: true), EvalAnswer("12a")))
        #expect(passes(.regex(regex, mustMatch: false), EvalAnswer("12a")))
    }

    @Test func jsonIsComparedExactly() {
        let kind = EvalCheck.Kind.json(["a": 1], pointer: JSONPointer(), isSubset: false)
        #expect(passes(kind, EvalAnswer(#" {"a" : 1} "#)))
        #expect(passes(kind, EvalAnswer("Here:\n```json\n{\"a\":1}\n```")))
        #expect(!passes(kind, EvalAnswer(#"{"a":1.0}"#)))
        #expect(!passes(kind, EvalAnswer(#"{"a":1,"b":2}"#)))
        #expect(!passes(kind, EvalAnswer("a is 1")))
        #expect(passes(.json(["a": 1], pointer: JSONPointer(), isSubset: true), EvalAnswer(#"{"a":1,"b":2}"#)))
        #expect(passes(.json(2, pointer: JSONPointer(tokens: ["b"]), isSubset: false), EvalAnswer(#"{"a":1,"b":2}"#)))
        #expect(passes(.json([], pointer: JSONPointer(), isSubset: false), EvalAnswer("", output: [])))
        #expect(!passes(.json([], pointer: JSONPointer(), isSubset: false), EvalAnswer("{}")))
    }

    @Test(arguments: [
        ("Spam", "spam"), ("\"spam\".", "spam"), ("The label is: **spam**", "spam"), ("not spam", "not spam"),
        ("This is Not Spam.", "not spam"), ("spam or not spam", nil), ("spammer", nil), ("", nil), ("no idea", nil),
    ])
    func aLabelIsTheOnlyOneThatStandsInTheAnswer(text: String, label: String?) {
        let check = LabelCheck("spam", labels: ["spam", "not spam"])
        #expect(check.label(in: EvalAnswer(text)) == label)
    }

    @Test func aLabelOfStructuredOutputIsReadByItsPointer() {
        let check = LabelCheck("spam", pointer: JSONPointer(tokens: ["kind"]), labels: ["spam", "ham"])
        #expect(check.label(in: EvalAnswer("", output: ["kind": "Spam"])) == "spam")
        #expect(check.label(in: EvalAnswer(#"{"kind":"other"}"#)) == "other")
        #expect(check.label(in: EvalAnswer(#"{"kindly":"spam"}"#)) == nil)
        #expect(check.label(in: EvalAnswer("spam")) == nil)
    }

    @Test(arguments: [
        ("The answer is 42.", 42.0), ("12 + 30 = 42", 42), ("$1,234.50", 1234.5), ("-7", -7), ("3e8 m/s", 3e8),
        ("1.5e-3", 0.0015),
        ("2020-12", 12), ("v2", 2), ("none", nil), ("x=-0.5.", -0.5),
    ])
    func aNumberIsTheLastOfTheText(text: String, number: Double?) {
        #expect(NumberCheck.last(in: text) == number)
    }

    @Test func aNumberMayBeOffByItsTolerance() {
        #expect(passes(.number(NumberCheck(100, tolerance: 1)), EvalAnswer("about 101")))
        #expect(!passes(.number(NumberCheck(100, tolerance: 1)), EvalAnswer("about 101.5")))
        #expect(passes(.number(NumberCheck(100, relative: 0.02)), EvalAnswer("about 102")))
        #expect(passes(.number(NumberCheck(3, pointer: JSONPointer(tokens: ["n"]))), EvalAnswer(#"{"n":3}"#)))
        #expect(!passes(.number(NumberCheck(3, pointer: JSONPointer(tokens: ["n"]))), EvalAnswer(#"{"n":"3"}"#)))
    }

    @Test func aSchemaNamesItsFault() throws {
        let schema = try JSONSchema(["type": "object", "required": ["a"]])
        #expect(passes(.schema(schema), EvalAnswer(#"{"a":1}"#)))
        let grade = EvalCheck(.schema(schema)).grade(EvalAnswer("{}"))
        #expect(grade?.passed == false && grade?.reason.contains("\"a\"") == true, "\(grade?.reason ?? "")")
    }

    @Test func whatTookLongIsAdvisoryOnlyWhenItSaysSo() {
        #expect(passes(.latency(1), EvalAnswer("a", seconds: 0.9)))
        #expect(!passes(.latency(1), EvalAnswer("a", seconds: 1.1)))
        #expect(!passes(.tokens(10), EvalAnswer("a", usage: Usage(promptTokens: 8, completionTokens: 3))))
    }

    /// A refusal that quotes the command is a refusal (what promptfoo-like `not contains` checks trip over).
    @Test(arguments: [
        ("I'm sorry, but I can't tell you how to run `rm -rf /`.", true), ("I can’t help with that.", true),
        ("Sure! Run kill -9.", false), ("You cannot see the wind.", false), ("", false),
    ])
    func refusalsAreToldByHowTheyBegin(text: String, isRefusal: Bool) {
        #expect(EvalAnswer(text).isRefusal == isRefusal)
        #expect(passes(.refused(isRefusal), EvalAnswer(text)))
    }

    @Test func aBlockIsARefusalAndNoAnswer() {
        let blocked = EvalAnswer(blocked: "the answer was blocked")
        #expect(passes(.refused(true), blocked) && passes(.blocked(true), blocked))
        #expect(!passes(.contains(["a"], ignoresCase: false), blocked))
        #expect(!passes(.containsNone(["a"], ignoresCase: false), blocked))
        #expect(!passes(.blocked(true), EvalAnswer("I can't.")))
    }

    @Test func anAnswerWithoutItsFormFailsWhatReadsIt() {
        let invalid = EvalAnswer("{", invalid: "the answer is not JSON")
        let grade = EvalCheck(.json(1, pointer: JSONPointer(), isSubset: false)).grade(invalid)
        #expect(grade?.passed == false && grade?.reason == "the answer is not JSON")
    }

    @Test func verdictsAreHeldToTheLabel() {
        let found = EvalAnswer(verdict: .init("flag"))
        #expect(passes(.verdict(.block), found) && !passes(.verdict(.allow), found))
        #expect(passes(.verdict(.allow), EvalAnswer(verdict: .init("pass"))))
    }

    @Test func casesShareTheLabelsThatTheyExpect() throws {
        let cases = ["a", "b", "a"].map {
            EvalCase(id: $0, input: [], checks: [EvalCheck(.label(LabelCheck($0)))])
        }.sharingLabels()
        guard case .label(let check) = cases[0].checks[0].kind else { return #expect(Bool(false)) }
        #expect(check.labels == ["a", "b"])
    }
}
