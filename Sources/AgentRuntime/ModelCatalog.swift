// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import HTTPCore
public import JSONCore
public import LocalModels
import MistralAPI

/// Makes models of names: `mistral-small-latest`, `mistral:NAME`, `mistral-agent:ID`, `openai:NAME`, `local`, `local:NAME`.
///
/// Making a model costs nothing: no connection is opened and no engine started before it is asked.
public struct ModelCatalog: ModelProvider {
    private var connections: ProviderConnections
    private let local: LocalModels

    /// - Parameters:
    ///   - variable: looks a name up in the environment: `MISTRAL_API_KEY`, `MISTRAL_SERVER_URL`,
    ///     `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `AGENT_MODEL`.
    ///   - secrets: is told each key that is read.
    public init(
        transport: any HTTPTransport, local: LocalModels, variable: @escaping @Sendable (String) -> String?,
        secrets: SecretRedactor = SecretRedactor()
    ) {
        connections = ProviderConnections(transport: transport, secrets: secrets, variable: variable)
        self.local = local
    }

    public func model(
        for reference: JSONValue?, guarding: @Sendable (any HTTPTransport) -> any HTTPTransport
    ) throws -> any Model {
        switch reference {
        case .array(let references) where !references.isEmpty:
            return FallbackModel(try references.map { try model(for: $0, guarding: guarding) })
        case .object(let fields) where fields["base_url"] != nil:
            var guarded = self
            guarded.connections.transport = guarding(connections.transport)
            return try guarded.model(described: fields)
        default: return try model(for: reference)
        }
    }

    public func model(for reference: JSONValue?) throws -> any Model {
        switch reference {
        case nil, .null: return try model(named: defaultName)
        case .string(let name): return try model(named: name)
        case .array(let references) where !references.isEmpty:
            return FallbackModel(try references.map { try model(for: $0) })
        case .object(let fields): return try model(described: fields)
        default:
            throw ModelError(.configuration, "model: expected a name, a list of names or { provider = …, name = … }")
        }
    }

    /// The model that is used when nobody names one.
    public var defaultName: String {
        if let name = connections.value("AGENT_MODEL") { return name }
        return connections.key("MISTRAL_API_KEY") == nil ? "local" : "mistral-small-latest"
    }

    private static let mistralPrefixes = [
        "mistral-", "ministral-", "codestral-", "magistral-", "open-", "pixtral-", "voxtral-", "devstral-",
    ]

    private func model(named name: String) throws -> any Model {
        if name == "local" { return local.model(named: nil) }
        if let rest = name.suffix(after: "local:") { return local.model(named: rest) }
        if let rest = name.suffix(after: "openai:") {
            return try openAI(rest, baseURL: nil, key: connections.key("OPENAI_API_KEY"))
        }
        if let rest = name.suffix(after: "mistral:") {
            return try mistral(rest, serverURL: nil, keyName: "MISTRAL_API_KEY")
        }
        if let id = name.suffix(after: "mistral-agent:") {
            return MistralAgentModel(agentID: id, client: try connections.mistral())
        }
        if Self.mistralPrefixes.contains(where: name.hasPrefix) {
            return try mistral(name, serverURL: nil, keyName: "MISTRAL_API_KEY")
        }
        throw ModelError(
            .configuration,
            "unknown model \"\(name)\": expected a Mistral model (mistral-small-latest, mistral:NAME), openai:NAME, local "
                + "or local:NAME")
    }

    private func model(described fields: JSONObject) throws -> any Model {
        for key in fields.keys where !["provider", "name", "base_url", "api_key_env"].contains(key) {
            throw ModelError(.configuration, "model: unknown field '\(key)'")
        }
        guard let name = fields["name"]?.stringValue ?? (fields["provider"]?.stringValue == "local" ? "" : nil) else {
            throw ModelError(.configuration, "model: expected a name")
        }
        let baseURL = fields["base_url"]?.stringValue
        let keyName = fields["api_key_env"]?.stringValue
        switch fields["provider"]?.stringValue {
        case "mistral": return try mistral(name, serverURL: baseURL, keyName: keyName ?? "MISTRAL_API_KEY")
        case "openai":
            // A key of the default server does not go to another one unless the script names it.
            let key =
                try keyName.map { try connections.apiKey(named: $0) }
                ?? (baseURL == nil ? connections.key("OPENAI_API_KEY") : nil)
            return try openAI(name, baseURL: baseURL, key: key)
        case "local": return local.model(named: name.isEmpty ? nil : name)
        default: throw ModelError(.configuration, "model: provider: expected \"mistral\", \"openai\" or \"local\"")
        }
    }

    private func mistral(_ name: String, serverURL: String?, keyName: String) throws -> any Model {
        guard serverURL == nil || keyName != "MISTRAL_API_KEY" || serverURL == connections.value("MISTRAL_SERVER_URL")
        else {
            throw ModelError(
                .configuration, "model \"\(name)\": base_url needs api_key_env, so that no key goes to the wrong server"
            )
        }
        return MistralModel(name: name, client: try connections.mistral(serverURL: serverURL, keyName: keyName))
    }

    private func openAI(_ name: String, baseURL: String?, key: String?) throws -> any Model {
        try ChatCompletionsModel(
            name: name, baseURL: try baseURL ?? connections.openAIBaseURL(for: name), apiKey: key,
            transport: connections.transport)
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
