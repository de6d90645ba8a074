// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import HTTPCore
public import JSONCore
public import LuaRuntime

/// Everything of the world that a script may meet: what the host does not put in here does not exist for it.
public struct ScriptEnvironment: Sendable {
    /// Makes models of the names that scripts use.
    public var models: any ModelProvider
    /// Makes the services behind `agent.embed`, `agent.ocr` and the like; `nil` and there are none.
    public var services: (any ServiceProvider)?
    /// Opens what `agent.index` names; `nil` and there are no indexes.
    public var indexes: (any DocumentIndexProvider)?
    /// Where chats that a script gives an id are stored; `nil` and they cannot have one.
    public var sessions: (any SessionStore)?
    /// Whose the stored chats are: scripts of another owner do not see them. By default one for all.
    public var sessionOwner = "script"
    /// Where the usage of the agents that a script makes is added up, with prices and a limit of money for all of them; `nil`
    /// and each run counts for itself. Services are counted by ``MeteredServices``.
    public var ledger: UsageLedger?
    /// How `agent.http` reaches the network; `nil` and there is none.
    public var transport: (any HTTPTransport)?
    /// What scripts may touch. Setting it opens the granted files and folders, and looks for the granted programs; scripts are held to
    /// what was found then.
    public var grants: Grants {
        didSet { capabilities = Capabilities(grants) }
    }
    private(set) var capabilities: Capabilities
    /// Looks up the addresses of a host that a script may reach; by default ``HostLookup``.
    public var lookUp: @Sendable (_ host: String) async throws -> [IPAddress]
    /// Which calls need approval; by default the tools say so themselves. A script cannot change it.
    public var approvals: ApprovalPolicy
    /// Who is asked about calls that need approval.
    public var approver: any Approver
    /// What the host sets or tightens in each agent that a script makes.
    public var overrides: AgentOverrides
    /// The results of calls of deferred tools, by the ids of the calls; `nil` and the run waits. By default there are none.
    public var deferredResults: @Sendable (_ callID: String) -> JSONValue?
    /// Whether guardrails are read and checked only, and never asked: for hosts that send nothing anyway. By default false.
    public var skipsGuardrails = false
    public var limits: LuaLimits
    /// Where the Lua of scripts runs: in this process, or each script in a worker process of its own.
    public var sandbox: Sandbox
    /// Where `agent.env` looks; only granted names are asked for.
    public var variables: @Sendable (String) -> String?
    /// What must not be shown: it is told every value that `agent.env` gives a script, and takes them out of log lines, errors
    /// and observed events. A host tells it its own keys.
    public var secrets: SecretRedactor
    /// What `print` writes.
    public var output: @Sendable ([UInt8]) -> Void
    /// What `agent.log` writes: level, message, fields.
    public var log: @Sendable (String, String, JSONObject) -> Void
    /// Reads standard input for `agent.stdin`: all of it, or a line without its end; `nil` at the end.
    public var input: @Sendable (StandardInputPart) async throws -> [UInt8]?
    /// The source of a tool of the library, and the name its errors show; `nil` when there is none of that name.
    public var library: @Sendable (String) -> (source: [UInt8], name: String)?
    /// What a host adds to what scripts can ask for; `nil` for nothing.
    package var addition: ScriptAddition?
    /// What answers in place of the world; `nil` and the world answers itself.
    package var fakes: FakeWorld?
    /// Sees the events of the runs that a script starts itself.
    public var observe: @Sendable (RunEvent) async -> Void

    /// Makes an environment in which a script can compute, and call `models`.
    public init(models: any ModelProvider) {
        self.models = models
        grants = .none
        capabilities = Capabilities(.none)
        lookUp = { try await HostLookup.addresses(of: $0) }
        approvals = .byTool
        approver = NoApprover()
        overrides = AgentOverrides()
        deferredResults = { _ in nil }
        limits = LuaLimits()
        sandbox = .inProcess
        variables = { _ in nil }
        secrets = SecretRedactor()
        output = { _ in }
        log = { _, _, _ in }
        input = { _ in nil }
        library = { BuiltinTools.source(named: $0) }
        observe = { _ in }
    }
}

public enum StandardInputPart: Sendable {
    case line
    case all
}

/// Makes models of names.
public protocol ModelProvider: Sendable {
    /// - Parameter reference: a name, a list of references as a fallback chain, a table `{ provider, name, base_url,
    ///   api_key_env }`, or `nil` for the default.
    /// - Throws: ``ModelError`` with ``ModelError/Code/configuration`` when there is no such model or no key for it.
    func model(for reference: JSONValue?) throws -> any Model

    /// The same for a reference that a script made: where its `base_url` is asked, it is asked through `guarding`, which holds
    /// each request to the script's grants. By default ``model(for:)``, for providers that know no `base_url`.
    func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model
}

extension ModelProvider {
    public func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        try model(for: reference)
    }
}

/// Settings of the host over those of a script: sampling is replaced, limits are only ever tightened.
public struct AgentOverrides: Sendable {
    /// Used when the script names no model.
    public var model: JSONValue?
    /// Whether ``model`` also takes the place of the models that scripts name.
    public var replacesModel = false
    /// Replaces the instructions of the script.
    public var instructions: String?
    public var temperature: Double?
    public var maxTokens: Int?
    public var safePrompt: Bool?
    /// Rules that every agent is held to, before its own.
    public var guardrails: [GuardrailPolicy] = []
    /// How much of an answer waits for its check, in place of what a script says; the policies' own delay still holds.
    public var guardrailDelay: GuardrailSet.Delay?
    public var turns: Int?
    public var toolCalls: Int?
    public var tokens: Int?
    public var time: Duration?

    public init() {}

    func apply(to spec: AgentSpec) -> AgentSpec {
        var spec = spec
        spec.model = replacesModel ? model : spec.model ?? model
        spec.instructions = instructions ?? spec.instructions
        spec.options.temperature = temperature ?? spec.options.temperature
        spec.options.maxTokens = maxTokens ?? spec.options.maxTokens
        // A host's "no" is a default: what a script switches on stays on.
        spec.options.safePrompt = safePrompt == true ? true : spec.options.safePrompt ?? safePrompt
        let policies = guardrails + [spec.guardrails].compactMap(\.self)
        if policies.contains(where: \.safePrompt) { spec.options.safePrompt = true }
        // Nobody says which of two rules counts for the service: a script's could be the looser one.
        let imposed = guardrails.flatMap(\.service)
        if !imposed.isEmpty { spec.options.extra["guardrails"] = nil }
        spec.options.addGuardrails(imposed.isEmpty ? policies.flatMap(\.service) : imposed)
        spec.limits = tightened(spec.limits)
        return spec
    }

    /// `limits`, each no looser than the host's.
    public func tightened(_ limits: RunLimits) -> RunLimits {
        var limits = limits
        limits.turns = min(limits.turns, turns ?? .max)
        limits.toolCalls = min(limits.toolCalls, toolCalls ?? .max)
        limits.tokens = [limits.tokens, tokens].compactMap(\.self).min()
        limits.time = [limits.time, time].compactMap(\.self).min()
        return limits
    }
}

extension ModelOptions {
    /// Adds rules that the Mistral API is to judge input by.
    package mutating func addGuardrails(_ rules: [JSONValue]) {
        guard !rules.isEmpty else { return }
        extra["guardrails"] = .array(rules + (extra["guardrails"]?.arrayValue ?? []))
    }
}
