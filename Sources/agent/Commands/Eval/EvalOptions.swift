// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// What `agent eval` has beyond the flags of a run.
struct EvalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What answers are held to where a case does not say: exact, contains, label, number, json, judge, …",
            valueName: "check"), transform: { try word($0, "--check") })
    var check: [EvalCheck.Name] = []
    @Option(help: ArgumentHelp("What the judge goes by where a case does not say.", valueName: "text"))
    var rubric: String?
    @Option(help: ArgumentHelp("The model that judges by rubrics; by default the one of --model.", valueName: "name"))
    var judge: String?
    @Option(
        name: .customLong("guardrail"),
        help: ArgumentHelp(
            "Judge this guardrail, not an agent: its type, the JSON of one with its fields, or a policy file.",
            valueName: "type"))
    var guardrails: [String] = []
    @Option(
        help: "Where the guardrail stands: input, output, tool_call or tool_result.",
        transform: { try word($0, "--stage") })
    var stage: GuardrailStage = .input
    @Option(
        help: ArgumentHelp("Judge recorded runs (agent run --json or --jsonl); no model is asked.", valueName: "file"))
    var recorded: [String] = []

    @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each case is tried.", valueName: "n"))
    var repeats = 1
    @Option(help: ArgumentHelp("Tries at the same time.", valueName: "n")) var width = 4
    @Option(help: ArgumentHelp("Only the first cases.", valueName: "n")) var limit: Int?
    @Option(help: ArgumentHelp("Only cases with tag=…, set=…, category=… or id=….", valueName: "key=value"))
    var filter: [String] = []
    @Option(help: ArgumentHelp("Seed of the first try; the next tries count on from it.", valueName: "n")) var seed:
        Int64?

    @Option(help: ArgumentHelp("Gates: accuracy=0.9,recall.fraud=0.8.", valueName: "figure=x,…")) var min: [String] = []
    @Option(help: ArgumentHelp("Gates: latency_p95=3,errors=0.", valueName: "figure=x,…")) var max: [String] = []
    @Option(help: ArgumentHelp("Write the report as a page as well.", valueName: "file")) var html: String?

    func validate() throws {
        for (name, value) in [("--repeat", repeats), ("--width", width), ("--limit", limit ?? 1)] where value < 1 {
            throw ValidationError("\(name): expected 1 or more, found \(value)")
        }
        for text in filter where Self.filter(text) == nil {
            throw ValidationError(
                "--filter: expected \(EvalCase.filterKeys.map { "\($0)=…" }.joined(separator: ", ")), found '\(text)'")
        }
        if check.contains(.verdict) { throw ValidationError("--check verdict: guardrails are held to labels anyway") }
        _ = try gates()
    }

    var filters: [(key: String, value: String)] { filter.compactMap(Self.filter) }

    func gates() throws -> [EvalGate] {
        try Self.gates(min, .minimum, "--min") + Self.gates(max, .maximum, "--max")
    }

    var defaults: CheckDefaults {
        CheckDefaults(checks: check, rubric: rubric.map { Rubric($0) }, judgesGuardrail: !guardrails.isEmpty)
    }

    /// One of the words that `Value` has.
    private static func word<Value: RawRepresentable<String> & CaseIterable>(_ text: String, _ flag: String) throws
        -> Value
    {
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(flag): expected one of \(words), found '\(text)'")
        }
        return value
    }

    private static func filter(_ text: String) -> (key: String, value: String)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let key = String(text[..<equals])
        return EvalCase.filterKeys.contains(key) ? (key, String(text[text.index(after: equals)...])) : nil
    }

    private static func gates(_ lists: [String], _ bound: EvalGate.Bound, _ flag: String) throws -> [EvalGate] {
        try lists.flatMap { $0.split(separator: ",") }.map { text in
            guard let gate = EvalGate(String(text), bound) else {
                throw ValidationError(
                    "\(flag): expected FIGURE=NUMBER, found '\(text)'; figures: "
                        + EvalGate.measures.joined(separator: ", "))
            }
            return gate
        }
    }
}

/// What an evaluation is compared with.
struct EvalCompareOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Run another agent on the same cases, and compare.", valueName: "file.lua"))
    var compare: String?
    @Option(help: ArgumentHelp("Run the same agent with another model, and compare.", valueName: "name"))
    var compareModel: String?
    @Option(help: ArgumentHelp("Run the same agent with these guardrails as well, and compare.", valueName: "file"))
    var compareGuardrails: String?
    @Option(help: ArgumentHelp("Compare with a report of before (agent eval --json -o).", valueName: "report.json"))
    var baseline: String?

    var isGiven: Bool { compare != nil || compareModel != nil || compareGuardrails != nil }

    func validate() throws {
        if isGiven, baseline != nil { throw ValidationError("--baseline and --compare exclude each other") }
    }
}
