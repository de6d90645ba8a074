// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import MistralAPI

/// Connections to providers as the environment describes them: `MISTRAL_API_KEY`, `MISTRAL_SERVER_URL`, `OPENAI_BASE_URL`,
/// `OPENAI_API_KEY`. A variable that is empty counts as not set.
struct ProviderConnections: Sendable {
    var transport: any HTTPTransport
    private let secrets: SecretRedactor
    private let variable: @Sendable (String) -> String?

    init(
        transport: any HTTPTransport, secrets: SecretRedactor, variable: @escaping @Sendable (String) -> String?
    ) {
        self.transport = transport
        self.secrets = secrets
        self.variable = variable
    }

    func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// A value that nobody may see.
    func key(_ name: String) -> String? {
        let key = value(name)
        if let key { secrets.note(key) }
        return key
    }

    var hasMistralKey: Bool { key("MISTRAL_API_KEY") != nil }

    /// - Parameters:
    ///   - serverURL: `nil` for the one of the environment, else the public one.
    ///   - keyName: the variable with the key.
    /// - Throws: ``ModelError/Code/configuration`` without a key.
    func mistral(serverURL: String? = nil, keyName: String = "MISTRAL_API_KEY") throws -> MistralClient {
        try MistralClient(
            apiKey: try apiKey(named: keyName), serverURL: serverURL ?? value("MISTRAL_SERVER_URL"),
            transport: transport)
    }

    func compatibleEmbeddingModel(_ name: String) throws -> CompatibleEmbeddingModel {
        try CompatibleEmbeddingModel(
            name: name, baseURL: try openAIBaseURL(for: name), apiKey: key("OPENAI_API_KEY"), transport: transport)
    }

    func openAIBaseURL(for name: String) throws -> String {
        guard let url = value("OPENAI_BASE_URL") else {
            throw ModelError(.configuration, "model \"openai:\(name)\" needs the server's address in OPENAI_BASE_URL")
        }
        return url
    }

    func apiKey(named name: String) throws -> String {
        guard let key = self.key(name) else {
            throw ModelError(.configuration, "\(name) is not set; set it, or use \"local\", which needs no key")
        }
        return key
    }
}
