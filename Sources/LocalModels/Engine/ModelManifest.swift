// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Engine and weights that can be fetched, each pinned by version and sha256 (`Resources/models.json`).
public struct ModelManifest: Sendable {
    /// Weights that can be fetched.
    public struct Weights: Sendable {
        public let name: String
        public let title: String
        public let licence: String
        /// The file's name in the cache.
        public let file: String
        public let bytes: Int
        public let downloadBytes: Int
        /// Tokens of context that the weights were made for; ``LocalConfiguration/contextTokens`` may ask for less.
        public let context: Int
    }

    public let engineVersion: String
    public let engineDownloadBytes: Int
    public let defaultModel: String
    public let models: [Weights]

    public init() throws {
        let document = try JSONValue(parsing: PackageResources.models_json)
        engineVersion = document["engine"]?["version"]?.stringValue ?? ""
        let builds = document["engine"]?["builds"]?.objectValue ?? [:]
        engineDownloadBytes = builds.members.first?.value["download_bytes"]?.integerValue.map { Int($0) } ?? 0
        defaultModel = document["default_model"]?.stringValue ?? ""
        models = (document["models"]?.objectValue ?? [:]).map { Self.weights($0.key, $0.value) }
    }

    /// - Throws: ``ModelError`` that names what there is.
    func weights(named name: String?) throws -> Weights {
        let name = name ?? defaultModel
        guard let found = models.first(where: { $0.name == name }) else {
            throw ModelError(
                .configuration,
                "there is no local model \"\(name)\"; there are: \(models.map(\.name).joined(separator: ", ")), "
                    + "or name a GGUF file with AGENT_LOCAL_MODEL")
        }
        return found
    }

    private static func weights(_ name: String, _ value: JSONValue) -> Weights {
        let parts = value["parts"]?.arrayValue ?? []
        return Weights(
            name: name, title: value["title"]?.stringValue ?? name, licence: value["licence"]?.stringValue ?? "",
            file: value["file"]?.stringValue ?? "", bytes: Int(value["bytes"]?.integerValue ?? 0),
            downloadBytes: parts.reduce(0) { $0 + Int($1["download_bytes"]?.integerValue ?? 0) },
            context: Int(value["context_max"]?.integerValue ?? 8192))
    }
}
