// SPDX-License-Identifier: Apache-2.0

public import AgentCore
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

    func rule(
        _ spec: GuardrailSpec, owner: String, _ stage: GuardrailStage,
        _ function: (GuardrailSpec) throws -> any Guardrail
    ) throws -> GuardrailRule {
        do {
            let guardrail = try spec.kind == .function ? function(spec) : guardrail(spec, stage)
            return try spec.rule(guardrail, owner: owner)
        } catch let error as ModelError {
            let rule = try spec.rule(UnavailableGuardrail(name: try spec.name(), error: error), owner: owner)
            guard rule.failsOpen else { throw error }
            return rule
        }
    }

    private func guardrail(_ spec: GuardrailSpec, _ stage: GuardrailStage) throws -> any Guardrail {
        let name = try spec.name()
        switch spec.kind {
        case .maxLength:
            guard let characters = spec.field("characters") else {
                throw Misuse("\(spec.place): max_length needs characters")
            }
            return MaxLengthGuardrail(
                characters: try characters.count(from: 0), action: try spec.action(.block), name: name)
        default: throw Misuse("\(spec.place): \(spec.kind.rawValue) is not there")
        }
    }
}

/// A guardrail whose model or service cannot be had, and whose rule lets pass what it cannot judge.
private struct UnavailableGuardrail: Guardrail {
    let name: String
    let error: ModelError
    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { throw error }
}
