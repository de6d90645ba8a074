// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A verdict by the thresholds of the command line, in its forms for people and programs.
struct ModerationReport {
    let subject: NamedText
    let verdict: ModerationResponse.Verdict
    /// The highest score first.
    let findings: [GuardrailFinding]
    /// Of the request that it came with.
    let seconds: Double

    init(
        _ subject: NamedText, _ verdict: ModerationResponse.Verdict, _ policy: ModerationPolicy, model: String,
        seconds: Double
    ) throws(ModelError) {
        self.subject = subject
        self.verdict = verdict
        self.seconds = seconds
        findings = try policy.findings(in: verdict, of: model).sorted { $0.score ?? 0 > $1.score ?? 0 }
    }

    var isFlagged: Bool { !findings.isEmpty }

    /// `flagged`, a tab, categories with their scores, a tab, the file or the text.
    var line: String {
        let found = findings.map { finding in
            (finding.category ?? "") + (finding.score.map { " \(Double(Int($0 * 1000)) / 1000)" } ?? "")
        }
        let name = subject.name ?? subject.text
        return "\(isFlagged ? "flagged" : "ok")\t\(found.joined(separator: ", "))\t\(Printable.short(name))\n"
    }

    /// The provider's verdict, and what the thresholds make of it.
    var value: JSONValue {
        var fields = verdict.scriptValue.objectValue ?? [:]
        fields["flagged"] = .bool(isFlagged)
        fields["found"] = .array(findings.compactMap { $0.category.map { .string($0) } })
        return .object(fields)
    }

    /// ``value`` with what it is about, for a line of its own.
    func lineValue(model: String) -> JSONValue {
        var fields: JSONObject = [:]
        fields["name"] = subject.name.map { .string($0) }
        if subject.name == nil { fields["text"] = .string(subject.text) }
        fields["id"] = subject.id
        for (name, member) in value.objectValue ?? [:] { fields[name] = member }
        fields["model"] = .string(model)
        fields["seconds"] = .number((seconds * 1000).rounded() / 1000)
        return .object(fields)
    }
}
