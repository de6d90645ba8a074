// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import HTTPCore
import HTTPTransports
import LocalModels
public import LuaAgents

/// What a host program needs to run agents, ready made: connections, models, and the world of scripts.
///
/// It costs nothing until it is used, shares nothing with other hosts, and can be replaced piece by piece: bring a
/// `Model`, an `HTTPTransport` or a `ModelProvider` of your own.
public final class RuntimeHost: Sendable {
    public let transport: any HTTPTransport
    public let models: any ModelProvider
    /// Embeddings, documents, transcription, moderation, files and batch jobs.
    public let services: any ServiceProvider
    /// The keys of providers, and what else must not be shown: ``SecretRedactor/note(_:)`` adds to it.
    public let secrets: SecretRedactor
    private let ownTransport: AsyncHTTPClientTransport?

    /// - Parameters:
    ///   - variable: looks up an environment variable; the keys and addresses of providers are read through it.
    ///   - transport: `nil` for one of its own, which `shutdown()` closes.
    ///   - secrets: is told the keys of providers: those two at once, others when they are read.
    public init(
        variables variable: @escaping @Sendable (String) -> String?, transport: (any HTTPTransport)? = nil,
        secrets: SecretRedactor = SecretRedactor()
    ) {
        self.secrets = secrets
        for name in ["MISTRAL_API_KEY", "OPENAI_API_KEY"] { variable(name).map(secrets.note) }
        ownTransport = transport == nil ? AsyncHTTPClientTransport() : nil
        let transport = transport ?? ownTransport ?? AsyncHTTPClientTransport()
        self.transport = transport
        let local = LocalModels(LocalConfiguration(variable: variable), transport: transport)
        models = ModelCatalog(transport: transport, local: local, variable: variable, secrets: secrets)
        services = ServiceCatalog(transport: transport, local: local, variable: variable, secrets: secrets)
    }

    /// The model of `name`, or the default: `AGENT_MODEL`, else the Mistral API when there is a key, else `local`.
    ///
    /// - Throws: ``ModelError`` with ``ModelError/Code/configuration``.
    public func model(_ name: String? = nil) throws -> any Model { try models.model(for: name.map { .string($0) }) }

    /// The world of a script that is granted `grants` and nothing else.
    public func scriptEnvironment(grants: Grants = .none) -> ScriptEnvironment {
        var environment = ScriptEnvironment(models: models)
        environment.services = services
        environment.transport = transport
        environment.grants = grants
        environment.secrets = secrets
        return environment
    }

    /// Closes connections that are kept open. A host that ends without it loses nothing but an orderly goodbye.
    public func shutdown() async { await ownTransport?.shutdown() }
}
