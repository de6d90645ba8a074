// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    /// What a script says of its guardrails.
    func guardrails(_ field: SpecField) throws(Misuse) -> GuardrailPolicy {
        // Lua's empty table is a list as well.
        let value = field.value.arrayValue?.isEmpty == true ? [:] : field.value
        return try GuardrailPolicy(value, owner: code.name, at: field.place) { [weak self] spec in
            guard let self, let state else { throw Misuse("the script has ended") }
            return try LuaGuardrail(spec, state: state, door: self)
        }
    }
}

extension ScriptEnvironment {
    /// The guardrails of the host, and behind them those of a script. A script lengthens the delay of the host, and never
    /// shortens it.
    ///
    /// - Throws: ``ModelError`` when what a rule asks cannot be had; ``PolicyError`` for settings that cannot be.
    public func guardrails(with script: GuardrailPolicy? = nil) throws -> GuardrailSet {
        let maker = GuardrailMaker(models: models, services: services, ledger: ledger)
        var host: GuardrailSet?
        for policy in overrides.guardrails {
            let more = try policy.guardrails(made: maker)
            host = host?.tightened(by: more) ?? more
        }
        let own = try script?.guardrails(made: maker)
        if skipsGuardrails { return GuardrailSet() }
        var all = (host ?? GuardrailSet(delay: .sentences(0))).tightened(by: own ?? GuardrailSet(delay: .sentences(0)))
        let wished = overrides.guardrailDelay ?? own?.delay ?? host?.delay ?? .sentences(1)
        all.delay = max(host?.delay ?? .sentences(0), wished)
        return all
    }
}
