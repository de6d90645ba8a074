// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Evaluation
import JSONCore
import Testing

@Suite struct EvalReportTests {
    /// A report of cases `id: passes, passes, …`; `nil` is a try that could not be judged.
    static func report(_ cases: [(String, [Bool?])], category: String? = nil, answer: String = "a") -> EvalReport {
        let questions = cases.map { id, _ in
            EvalCase(id: id, place: "f.jsonl:1", input: [.user("question \(id)")], category: category, set: "f")
        }
        let trials = cases.enumerated().flatMap { index, found in
            found.1.enumerated().map { number, passed in
                EvalTrial(
                    caseIndex: index, number: number, answer: passed.map { _ in EvalAnswer(answer, seconds: 1) },
                    grades: passed.map { [EvalGrade("exact", passed: $0, reason: $0 ? "" : "no")] } ?? [],
                    failure: passed == nil ? EvalFailure(.model, "gone") : nil)
            }
        }
        return EvalReport(
            subject: "s", model: "m", cases: questions, trials: trials, planned: cases.reduce(0) { $0 + $1.1.count })
    }

    @Test func accuracyIsTheMeanOfPassRatesAndLeavesErrorsOut() {
        let report = Self.report([("a", [true, false]), ("b", [true, nil]), ("c", [nil, nil])])
        #expect(report.accuracy == Rate(1.5, of: 2))
        #expect(report.errors == 3 && report.results.map(\.isRight) == [false, true, nil])
        #expect(report.failures.map(\.question.id) == ["b", "c", "c", "a"], "errors first")
    }

    @Test func costIsNotKnownWhenItIsNotOfOne() {
        var report = Self.report([("a", [true]), ("b", [true])])
        #expect(report.cost == .zero)
        report.trials[1].answer?.cost = nil
        #expect(report.cost == nil)
        #expect(report.json["usage"]?["cost"] == .null)
    }

    @Test func advisoryChecksDoNotDecide() {
        let trial = EvalTrial(
            caseIndex: 0,
            grades: [EvalGrade("exact", passed: true), EvalGrade("latency", passed: false, isAdvisory: true)])
        #expect(trial.outcome == .passed)
    }

    @Test func categoriesOfGuardrailsAreATableWhenTheyGoByTheSetsNames() {
        func trial(_ index: Int, _ category: String?) -> EvalTrial {
            EvalTrial(
                caseIndex: index,
                answer: EvalAnswer(
                    verdict: .init(
                        category == nil ? "pass" : "block", finding: category.map { GuardrailFinding("", category: $0) }
                    )))
        }
        let cases = [("fraud", EvalCase.Label.block), ("law", .block), ("law", .allow)].enumerated().map {
            index, pair in
            EvalCase(id: "\(index)", input: [], category: pair.0, label: pair.1)
        }
        let report = EvalReport(
            subject: "g", cases: cases, trials: [trial(0, "fraud"), trial(1, "fraud"), trial(2, nil)], planned: 3)
        let matrix = report.matrices.first { $0.name == "category" }?.matrix
        #expect(matrix?["fraud", "fraud"] == 1 && matrix?["law", "fraud"] == 1 && matrix?["allow", "allow"] == 1)
        let strange = EvalReport(subject: "g", cases: cases, trials: [trial(0, "x")], planned: 1)
        #expect(strange.matrices.isEmpty)
    }

    @Test func jsonSaysNullOfWhatIsNotDefined() throws {
        let json = Self.report([("a", [nil])]).json
        #expect(json["accuracy"]?["value"] == .null && json["latency"]?["p95"] == .null)
        #expect(json["trials"]?["errors"] == 1)
        #expect(try JSONValue(parsing: json.serialized()) == json)
    }
}

@Suite struct EvalGateTests {
    private let report = EvalReportTests.report([("a", [true]), ("b", [true]), ("c", [false])], category: "fraud")

    private func fault(_ text: String, _ bound: EvalGate.Bound = .minimum) throws -> String? {
        try #require(EvalGate(text, bound)).fault(in: report)
    }

    @Test func aGateIsMetOrSaysWhatIsMissing() throws {
        #expect(try fault("accuracy=0.6") == nil)
        #expect(try fault("accuracy=0.9")?.hasPrefix("accuracy is 0.666") == true)
        #expect(try fault("accuracy=0.9")?.hasSuffix("and must be at least 0.9") == true)
        #expect(try fault("accuracy.fraud=0.6") == nil)
        #expect(try fault("errors=0", .maximum) == nil)
        #expect(try fault("latency_max=0.5", .maximum) == "latency_max is 1.0, and must be at most 0.5")
    }

    @Test(arguments: ["recall.fraud=0", "precision=0", "difference=0", "accuracy.none=0"])
    func aFigureThatIsNotDefinedMeetsNoGate(text: String) throws {
        #expect(try fault(text)?.contains("not defined") == true)
    }

    @Test(arguments: [
        "accuracy", "accuracy=", "accuracy=high", "acuracy=1", "cost.x=1", "recall.=1", "=1", "accuracy=nan",
        "accuracy=inf",
    ])
    func whatIsNoGateIsRefused(text: String) { #expect(EvalGate(text, .minimum) == nil) }

    @Test func aLabelMayHoldAnything() throws {
        let gate = try #require(EvalGate("recall.not=spam.v2=0.5", .minimum))
        #expect(gate.measure == "recall" && gate.label == "not=spam.v2" && gate.value == 0.5)
    }
}

@Suite struct EvalComparisonTests {
    @Test func casesArePairedByIDAndQuestion() throws {
        let first = EvalReportTests.report([("a", [true]), ("b", [true]), ("c", [false]), ("d", [nil]), ("e", [true])])
        var changed = EvalReportTests.report([("a", [true]), ("b", [false]), ("c", [true]), ("d", [true])])
        changed.subject = "t"
        let comparison = EvalComparison(ComparedReport(first), ComparedReport(changed))
        #expect(comparison.paired == PairedFigures(bothRight: 1, onlyFirst: 1, onlySecond: 1, bothWrong: 0))
        #expect(comparison.lost == ["b"] && comparison.won == ["c"] && comparison.unpaired == ["d", "e"])
    }

    @Test func aStoredReportIsTheSameAsTheOneItWasMadeOf() throws {
        let report = EvalReportTests.report([("a", [true]), ("b", [false]), ("c", [nil])])
        let stored = try ComparedReport(try JSONValue(parsing: report.json.serialized()), name: "s")
        let comparison = EvalComparison(stored, ComparedReport(report))
        #expect(comparison.paired == PairedFigures(bothRight: 1, bothWrong: 1))
        #expect(comparison.unpaired == ["c"])
        #expect(stored.accuracy == 0.5 && stored.latencyMedian == 1)
    }

    @Test(arguments: [
        "{}", "[]", #"{"type":"agent_eval","version":99,"results":[]}"#,
        #"{"type":"agent_eval","version":1,"results":[{}]}"#,
    ])
    func whatIsNoReportIsRefused(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: StoredReportError.self) { try ComparedReport(json, name: "x") }
    }
}
