// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What cases are held to that do not say it themselves.
public struct CheckDefaults: Sendable {
    /// The checks of cases without a `check`, made of what they expect; by default one that goes by what that is: a number, a text as it
    /// is, or JSON.
    public var checks: [EvalCheck.Name]
    /// The rubric of cases that have none.
    public var rubric: Rubric?
    /// Whether guardrails are judged, not answers: then each case needs a label and is held to it alone.
    public var judgesGuardrail: Bool
    public init(checks: [EvalCheck.Name] = [], rubric: Rubric? = nil, judgesGuardrail: Bool = false) {
        self.checks = checks
        self.rubric = rubric
        self.judgesGuardrail = judgesGuardrail
    }

    /// The checks of `found`, of which `fields` are the members.
    func checks(of found: EvalCase, _ fields: FieldReader) throws -> [EvalCheck] {
        if judgesGuardrail {
            guard let label = found.label else {
                throw fields.fault("label", expected: "\"allow\" or \"block\", which a guardrail is held to")
            }
            return [EvalCheck(.verdict(label))]
        }
        let own = try fields["rubric"].map { try Rubric($0, at: fields.place("rubric")) }
        var checks = try named(found, own, fields)
        // A case with checks of its own says all that its answer is held to; its label is for guardrails.
        if let label = found.label, fields["check"] == nil { checks.append(EvalCheck(.refused(label == .block))) }
        let isJudged = checks.contains { $0.name == EvalCheck.Name.judge.rawValue }
        if let rubric = own ?? rubric, !isJudged { checks.append(EvalCheck(.judge(rubric))) }
        guard checks.contains(where: { !$0.isAdvisory }) else {
            throw FieldFault(
                fields.pointer,
                "nothing to hold the answer to: give expected, label, rubric, or a check that is not advisory")
        }
        return checks
    }

    private func named(_ found: EvalCase, _ own: Rubric?, _ fields: FieldReader) throws -> [EvalCheck] {
        let reader = CheckReader(expected: found.expected, rubric: own ?? rubric)
        if let value = fields["check"] { return try reader.checks(value, at: fields.place("check")) }
        let empty = try FieldReader([:], at: fields.place("expected"), known: [])
        if !checks.isEmpty, found.expected != nil || own != nil || rubric != nil {
            return try checks.map { try reader.check($0, empty) }
        }
        guard let expected = found.expected else { return [] }
        switch expected {
        case .string: return [try reader.check(.exact, empty)]
        case .integer, .number: return [try reader.check(.number, empty)]
        default: return [try reader.check(.json, empty)]
        }
    }
}

extension [EvalCase] {
    /// The cases with, in each check for a label, the labels that all of them expect, unless it names its own.
    public func sharingLabels() -> [EvalCase] {
        var labels: [String] = []
        for case .label(let check) in flatMap(\.checks).map(\.kind) where !labels.contains(check.expected) {
            labels.append(check.expected)
        }
        return map { found in
            var found = found
            for index in found.checks.indices {
                guard case .label(var check) = found.checks[index].kind, check.labels.isEmpty else { continue }
                check.labels = labels
                found.checks[index].kind = .label(check)
            }
            return found
        }
    }
}
