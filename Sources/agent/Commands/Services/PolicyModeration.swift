// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// `agent moderate --guardrails FILE`: texts judged by the rules of a policy, as a run would judge its input.
struct PolicyModeration {
    private let guardrails: GuardrailSet
    private let session: ServiceSession

    /// - Throws: ``UsageError`` when the policy has no rule for input.
    init(_ files: [String], _ session: ServiceSession) async throws {
        var environment = session.host.scriptEnvironment()
        environment.services = session.services
        environment.ledger = session.ledger
        environment.transport = nil
        environment.variables = { _ in nil }
        for file in files {
            let source = try ScriptFile(file).source
            environment.overrides.guardrails.append(
                try await GuardrailPolicy.load(source, name: file, in: environment))
        }
        guardrails = try environment.guardrails()
        self.session = session
        if guardrails.input.isEmpty { throw UsageError("--guardrails: the policy has no rule for input") }
    }

    /// Judges one text after another and shows each verdict as it comes.
    ///
    /// - Throws: ``ExitStatus/denied`` when something was found, ``ExitStatus/provider`` when something could not be judged.
    func run(_ texts: [NamedText], asJSON: Bool) async throws {
        var (isFlagged, isUnjudged) = (false, false)
        for text in texts {
            let judgement = try await guardrails.judge(GuardrailSubject(.input, text.text))
            isFlagged = isFlagged || judgement.reports.contains { !$0.isFailure }
            isUnjudged = isUnjudged || judgement.reports.contains(where: \.isFailure)
            if asJSON {
                try session.emit(Self.value(text, judgement))
            } else {
                session.emit(Self.line(text, judgement))
            }
        }
        if isUnjudged { throw ExitStatus.provider }
        if isFlagged { throw ExitStatus.denied }
    }

    /// What happens to the text, a tab, by which guardrail and why, a tab, the file or the text.
    private static func line(_ text: NamedText, _ judgement: GuardrailJudgement) -> String {
        let found = judgement.reports.map { "\($0.guardrail): \($0.finding.category ?? $0.finding.reason)" }
        let name = Printable.short(text.name ?? text.text)
        return "\(word(judgement))\t\(Printable.short(found.joined(separator: ", ")))\t\(name)\n"
    }

    private static func word(_ judgement: GuardrailJudgement) -> String {
        if judgement.reports.contains(where: \.isFailure) { return "unjudged" }
        if judgement.text == nil { return GuardrailReport.Outcome.blocked.rawValue }
        let outcomes = judgement.reports.map(\.outcome)
        return outcomes.contains(.replaced) ? "replaced" : outcomes.isEmpty ? "ok" : "flagged"
    }

    private static func value(_ text: NamedText, _ judgement: GuardrailJudgement) -> JSONValue {
        var fields: JSONObject = [:]
        fields["name"] = text.name.map { .string($0) }
        fields["id"] = text.id
        fields["outcome"] = .string(word(judgement))
        fields["text"] = judgement.text.map { .string($0) } ?? .null
        fields["found"] = .array(judgement.reports.map { .object($0.scriptFields) })
        return .object(fields)
    }
}
