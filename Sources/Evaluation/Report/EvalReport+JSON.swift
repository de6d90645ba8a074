// SPDX-License-Identifier: Apache-2.0

import AgentCore
public import JSONCore

/// The report as `--json` prints it and `--baseline` reads it.
extension EvalReport {
    /// The version of the form, raised when a field changes its meaning.
    static let version: Int64 = 1

    public var json: JSONValue {
        var fields: JSONObject = ["type": "agent_eval", "version": .integer(Self.version), "subject": .string(subject)]
        fields["model"] = model.map { .string($0) }
        fields["judge"] = judge.map { .string($0) }
        fields["partial"] = .bool(isPartial)
        fields["cases"] = count(cases.count)
        fields["trials"] = [
            "planned": count(planned), "judged": count(trials.count - errors),
            "passed": count(trials.count { $0.outcome == .passed }),
            "failed": count(trials.count { $0.outcome == .failed }), "errors": count(errors),
        ]
        fields["errors"] = .object(JSONObject(errorsByKind.map { ($0.kind, count($0.count)) }))
        fields["accuracy"] = accuracy.json
        if tries > 1 { fields["repeats"] = repeatsJSON }
        fields["groups"] = .array(groups.map(\.json))
        fields["checks"] = .array(checks.map(\.json))
        fields["classification"] = .object(JSONObject(matrices.map { ($0.name, $0.matrix.json) }))
        fields["latency"] = latencyJSON
        fields["usage"] = usageJSON(usage.promptTokens, usage.completionTokens, usage.totalTokens, cost?.doubleValue)
        if judge != nil {
            fields["judge_usage"] = usageJSON(
                judgeUsage.promptTokens, judgeUsage.completionTokens, judgeUsage.totalTokens, judgeCost?.doubleValue)
        }
        fields["seconds"] = seconds.map { .number($0) }
        fields["results"] = .array(results.map(\.json))
        return .object(fields)
    }

    private var repeatsJSON: JSONValue {
        let figures = repeats
        return [
            "tries": count(tries), "always": count(figures.always), "ever": count(figures.ever),
            "flaky": count(figures.flaky), "any_pass": figure(figures.anyPass(of: tries)),
            "all_pass": figure(figures.allPass(of: tries)),
        ]
    }

    private var latencyJSON: JSONValue {
        [
            "p50": figure(latency.quantile(0.5)), "p95": figure(latency.quantile(0.95)),
            "max": figure(latency.maximum), "mean": figure(latency.mean), "count": count(latency.sorted.count),
        ]
    }

    private func usageJSON(_ prompt: Int, _ completion: Int, _ total: Int, _ cost: Double?) -> JSONValue {
        [
            "prompt_tokens": count(prompt), "completion_tokens": count(completion), "total_tokens": count(total),
            "cost": figure(cost),
        ]
    }

    private func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}

/// A figure; null when it is not defined.
func figure(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }

extension Rate {
    var json: JSONValue {
        [
            "value": figure(value), "low": figure(interval?.lowerBound), "high": figure(interval?.upperBound),
            "successes": .number(successes), "count": .integer(Int64(count)),
        ]
    }
}

extension EvalReport.Group {
    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "accuracy": rate.json,
            "errors": .integer(Int64(errors)),
        ]
    }
}

extension EvalReport.CheckFigures {
    var json: JSONValue {
        [
            "check": .string(name), "advisory": .bool(isAdvisory), "passed": .integer(Int64(passed)),
            "failed": .integer(Int64(failed)),
        ]
    }
}

extension ConfusionMatrix {
    var json: JSONValue {
        let rows = expected.map { row in
            (row, JSONValue.object(JSONObject(got.map { ($0, .integer(Int64(self[row, $0]))) })))
        }
        return [
            "accuracy": figure(accuracy), "labels": .array(scores.map(\.json)),
            "macro": [
                "precision": figure(macro(\.precision)), "recall": figure(macro(\.recall)), "f1": figure(macro(\.f1)),
            ],
            "micro": micro.json, "confusion": .object(JSONObject(rows)),
        ]
    }
}

extension LabelScores {
    var json: JSONValue {
        [
            "label": .string(label), "precision": figure(precision), "recall": figure(recall), "f1": figure(f1),
            "true_positives": .integer(Int64(truePositives)), "predictions": .integer(Int64(predictions)),
            "support": .integer(Int64(support)),
        ]
    }
}

extension EvalCaseResult {
    /// One case, as a line of `--jsonl` and in the report.
    public var json: JSONValue {
        var fields: JSONObject = [
            "id": .string(question.id), "place": .string(question.place), "set": .string(question.set),
            "input_hash": .string(question.inputHash), "passed": .integer(Int64(passed)),
            "judged": .integer(Int64(judged)), "right": isRight.map { .bool($0) } ?? .null,
        ]
        fields["category"] = question.category.map { .string($0) }
        fields["label"] = question.label.map { .string($0.rawValue) }
        if !question.tags.isEmpty { fields["tags"] = .array(question.tags.map { .string($0) }) }
        fields["expected"] = question.expected
        fields["input"] = .string(question.text)
        fields["tries"] = .array(trials.map(\.json))
        return .object(fields)
    }
}

extension EvalTrial {
    var json: JSONValue {
        var fields: JSONObject = ["outcome": .string(outcome.rawValue)]
        if let answer {
            if let verdict = answer.verdict {
                fields["verdict"] = .string(verdict.action)
                fields["guardrail"] = verdict.guardrail.map { .string($0) }
                fields["category"] = verdict.finding?.category.map { .string($0) }
                fields["score"] = verdict.finding?.score.map { .number($0) }
            } else {
                fields["answer"] = .string(answer.text)
            }
            fields["blocked"] = answer.blocked.map { .string($0) }
            if !answer.toolCalls.isEmpty {
                fields["tool_calls"] = .array(
                    answer.toolCalls.map { ["name": .string($0.name), "arguments": .string($0.arguments)] })
            }
            fields["seconds"] = answer.seconds.map { .number($0) }
            fields["tokens"] = .integer(Int64(answer.usage.totalTokens))
            fields["cost"] = answer.cost.map { .number($0.doubleValue) }
        }
        if let failure {
            fields["error"] = ["kind": .string(failure.kind.rawValue), "message": .string(failure.message)]
        }
        fields["checks"] = .array(grades.map(\.json))
        return .object(fields)
    }
}

extension EvalGrade {
    var json: JSONValue {
        var fields: JSONObject = ["check": .string(check), "passed": .bool(passed)]
        if isAdvisory { fields["advisory"] = true }
        if !reason.isEmpty { fields["reason"] = .string(reason) }
        if let classified { fields["got"] = classified.got.map { .string($0) } ?? .null }
        return .object(fields)
    }
}
