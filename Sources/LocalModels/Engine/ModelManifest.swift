// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Engine and weights that can be fetched, each pinned by version and sha256 (`Resources/models.json`).
public struct ModelManifest: Sendable {
    /// What a model is for.
    public enum Kind: String, Sendable {
        case chat, embeddings, transcription
    }

    /// Weights that can be fetched.
    public struct Weights: Sendable {
        public let name: String
        public let kind: Kind
        public let title: String
        public let licence: String
        /// The file's, or the folder's, name in the cache.
        public let file: String
        public let bytes: Int
        public let downloadBytes: Int
        /// Tokens of context that the weights were made for; ``LocalConfiguration/contextTokens`` may ask for less.
        public let context: Int
        /// Numbers of a vector; 0 for what makes none.
        public let dimensions: Int
    }

    public let engineVersion: String
    public let engineDownloadBytes: Int
    /// Of the engine of transcription.
    public let speechVersion: String
    public let speechDownloadBytes: Int
    public let defaultModel: String
    /// Of all kinds.
    public let models: [Weights]
    private let defaults: [Kind: String]

    public init() throws {
        let document = try JSONValue(parsing: PackageResources.models_json)
        engineVersion = document["engine"]?["version"]?.stringValue ?? ""
        let builds = document["engine"]?["builds"]?.objectValue ?? [:]
        engineDownloadBytes = builds.members.first?.value["download_bytes"]?.integerValue.map { Int($0) } ?? 0
        let speech = document["speech_engine"]
        speechVersion = speech?["version"]?.stringValue ?? ""
        let wheels = speech?["builds"]?.objectValue?.members.first?.value.objectValue?.members.first?.value.arrayValue
        speechDownloadBytes = Self.downloadBytes(wheels ?? [])
        defaultModel = document["default_model"]?.stringValue ?? ""
        defaults = [
            .chat: defaultModel, .embeddings: document["default_embeddings"]?.stringValue ?? "",
            .transcription: document["default_transcription"]?.stringValue ?? "",
        ]
        models = (document["models"]?.objectValue ?? [:]).map { Self.weights($0.key, $0.value) }
    }

    /// - Throws: ``ModelError`` that names what there is.
    func weights(named name: String?, kind: Kind = .chat) throws -> Weights {
        let name = name ?? defaults[kind] ?? ""
        let candidates = models.filter { $0.kind == kind }
        guard let found = candidates.first(where: { $0.name == name }) else {
            let names = candidates.map(\.name).joined(separator: ", ")
            let what =
                switch kind {
                case .chat:
                    "there is no local model \"\(name)\"; there are: \(names), or name a GGUF file with "
                        + "AGENT_LOCAL_MODEL"
                case .embeddings: "there is no local embedding model \"\(name)\"; there is: \(names)"
                case .transcription: "there is no local transcription model \"\(name)\"; there is: \(names)"
                }
            throw ModelError(.configuration, what)
        }
        return found
    }

    private static func weights(_ name: String, _ value: JSONValue) -> Weights {
        let parts = value["parts"]?.arrayValue ?? []
        return Weights(
            name: name, kind: value["kind"]?.stringValue.flatMap(Kind.init) ?? .chat,
            title: value["title"]?.stringValue ?? name, licence: value["licence"]?.stringValue ?? "",
            file: value["file"]?.stringValue ?? "", bytes: Int(value["bytes"]?.integerValue ?? 0),
            downloadBytes: downloadBytes(parts), context: Int(value["context_max"]?.integerValue ?? 8192),
            dimensions: Int(value["dimensions"]?.integerValue ?? 0))
    }

    private static func downloadBytes(_ parts: [JSONValue]) -> Int {
        parts.reduce(0) { $0 + Int($1["download_bytes"]?.integerValue ?? 0) }
    }
}
