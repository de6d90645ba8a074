// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ECMARegex
import Guardrails
import JSONCore

/// Makes guardrails of what policies say.
public struct GuardrailMaker: Sendable {
    private let models: any ModelProvider
    private let services: (any ServiceProvider)?
    private let ledger: UsageLedger?

    /// - Parameters:
    ///   - models: for guardrails that ask a chat model.
    ///   - services: for guardrails that ask a moderation service; `nil` and there are none.
    ///   - ledger: where what the guardrails use is added up. Services are counted by ``MeteredServices``.
    public init(models: any ModelProvider, services: (any ServiceProvider)?, ledger: UsageLedger?) {
        self.models = models
        self.services = services
        self.ledger = ledger
    }

    /// - Parameter function: makes a guardrail of a function of the policy.
    func rule(
        _ spec: GuardrailSpec, owner: String, _ function: (GuardrailSpec) throws -> any Guardrail
    ) throws -> GuardrailRule {
        do {
            let guardrail = try spec.kind == .function ? function(spec) : guardrail(spec, name: try spec.name())
            return try spec.rule(guardrail, owner: owner)
        } catch let error as ModelError {
            let rule = try spec.rule(UnavailableGuardrail(name: try spec.name(), error: error), owner: owner)
            guard rule.failsOpen else {
                throw ModelError(error.code, "\(spec.place): \(error.message)", status: error.status)
            }
            return rule
        }
    }

    private func guardrail(_ spec: GuardrailSpec, name: String) throws -> any Guardrail {
        switch spec.kind {
        case .moderation: try moderation(spec, name)
        case .selfReflection: try selfReflection(spec, name)
        case .personalData:
            PersonalDataGuardrail(kinds: try spec.kinds(), action: try spec.action(.replace), name: name)
        case .secrets: SecretsGuardrail(kinds: try spec.kinds(), action: try spec.action(.replace), name: name)
        case .maxLength:
            MaxLengthGuardrail(
                characters: try spec.needed("characters").count(from: 0), action: try spec.action(.block), name: name)
        case .regex: try regex(spec, name)
        case .jsonOnly:
            JSONOnlyGuardrail(schema: try spec.field("schema")?.schema(), action: try spec.action(.block), name: name)
        case .promptInjection:
            PromptInjectionGuardrail(
                threshold: try spec.field("threshold")?.number(in: 0...1) ?? PromptInjectionGuardrail.defaultThreshold,
                action: try spec.action(.replace), name: name)
        case .function: throw Misuse("\(spec.place): a function is made by its script")
        }
    }

    private func moderation(_ spec: GuardrailSpec, _ name: String) throws -> any Guardrail {
        guard let services else {
            throw ModelError(.configuration, "there is no moderation service here")
        }
        typealias Endpoint = ModerationGuardrail.Endpoint
        return ModerationGuardrail(
            model: try services.moderationModel(try spec.field("model")?.string()),
            policy: try ModerationPolicy(
                threshold: try spec.field("threshold")?.number(in: 0...1), thresholds: try spec.scores("thresholds"),
                ignore: Set(try spec.field("ignore")?.strings() ?? []),
                only: try spec.field("only").map { field throws(Misuse) in Set(try field.strings()) }),
            action: try spec.action(.block), replacement: try spec.field("replacement")?.string(),
            endpoint: try spec.word("endpoint", Endpoint.init(rawValue:), Endpoint.allCases.map(\.rawValue)), name: name
        )
    }

    private func selfReflection(_ spec: GuardrailSpec, _ name: String) throws -> any Guardrail {
        let model = try spec.field("model")?.string()
        return try SelfReflectionGuardrail(
            judge: try models.model(for: model.map { .string($0) }), categories: try spec.categories(),
            threshold: try spec.field("threshold")?.number(in: 0...1), action: try spec.action(.block),
            replacement: try spec.field("replacement")?.string(), ledger: ledger, name: name)
    }

    private func regex(_ spec: GuardrailSpec, _ name: String) throws -> any Guardrail {
        let pattern = try spec.needed("pattern")
        typealias Requirement = RegexGuardrail.Requirement
        let must =
            try spec.word("must", Requirement.init(rawValue:), Requirement.allCases.map(\.rawValue)) ?? .notMatch
        do {
            return try RegexGuardrail(
                pattern: try pattern.string(), must: must, action: try spec.action(.block),
                replacement: try spec.field("replacement")?.string() ?? "[removed]", name: name)
        } catch let error as ECMARegexError {
            throw Misuse("\(pattern.place): \(error)")
        }
    }
}

extension GuardrailSpec {
    fileprivate func needed(_ name: String) throws(Misuse) -> SpecField {
        guard let field = field(name) else { throw Misuse("\(place): \(kind.rawValue) needs \(name)") }
        return field
    }

    /// What is looked for; all that there is when the policy does not say.
    fileprivate func kinds<Kind>() throws(Misuse) -> Set<Kind>
    where Kind: RawRepresentable<String> & CaseIterable & Hashable {
        guard let field = field("kinds") else { return Set(Kind.allCases) }
        var kinds: Set<Kind> = []
        for word in try field.strings() {
            guard let kind = Kind(rawValue: word) else {
                let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Misuse("\(field.place): there is no kind \"\(word)\"; there are \(known)")
            }
            kinds.insert(kind)
        }
        guard !kinds.isEmpty else { throw Misuse("\(field.place): expected at least one kind") }
        return kinds
    }

    /// Names, or names with what they mean; `"all"` for the documented ones.
    fileprivate func categories() throws(Misuse) -> [ReflectionCategory] {
        guard let field = field("categories") else { return ReflectionCategory.standard }
        if field.value == "all" { return ReflectionCategory.documented }
        guard case .object(let meanings) = field.value else { return ReflectionCategory.named(try field.strings()) }
        var categories: [ReflectionCategory] = []
        for (name, meaning) in meanings {
            categories.append(ReflectionCategory(name, try SpecField("\(field.place).\(name)", meaning).string()))
        }
        return categories
    }
}

/// A guardrail whose model or service cannot be had, and whose rule lets pass what it cannot judge.
private struct UnavailableGuardrail: Guardrail {
    let name: String
    let error: ModelError
    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { throw error }
}
