// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the embedded model needs and what of it is on this machine.
public struct LocalInventory: Sendable {
    public struct Item: Sendable, Equatable {
        public let name: String
        /// Where it is; `nil` when it is missing.
        public let path: String?
        /// What it is, what it costs, or how to get it.
        public let note: String

        public var isPresent: Bool { path != nil }
    }

    public let python: Item
    public let engine: Item
    public let weights: [Item]

    /// Whether a run with `local` could start now without fetching anything.
    public var isReady: Bool { python.isPresent && engine.isPresent && weights.first?.isPresent == true }

    init(_ configuration: LocalConfiguration) throws {
        let manifest = try ModelManifest()
        python = Item(
            name: "python3", path: configuration.python,
            note: configuration.python == nil
                ? "hosts the engine; on Debian: apt install python3 python3-venv" : "hosts the engine")
        engine = Self.engine(configuration, manifest)
        weights = Self.weights(configuration, manifest)
    }

    private static func engine(_ configuration: LocalConfiguration, _ manifest: ModelManifest) -> Item {
        if let server = configuration.llamaServer {
            return Item(name: "llama-server", path: server, note: "found on PATH; used instead of the fetched engine")
        }
        let folder = configuration.cacheDirectory + "/engine/" + manifest.engineVersion
        let there = access(folder, R_OK) == 0
        let size = manifest.engineDownloadBytes / 1_000_000
        return Item(
            name: "engine \(manifest.engineVersion)", path: there ? folder : nil,
            note: there ? "llama.cpp in Python (MIT)" : "fetched at the first run with the model local: \(size) MB")
    }

    private static func weights(_ configuration: LocalConfiguration, _ manifest: ModelManifest) -> [Item] {
        var items: [Item] = []
        if let path = configuration.modelPath {
            let there = access(path, R_OK) == 0
            items.append(
                Item(
                    name: "AGENT_LOCAL_MODEL", path: there ? path : nil,
                    note: there ? "used instead of fetched weights" : "\(path): no such file, or not readable"))
        }
        let ordered = manifest.models.sorted { left, _ in left.name == manifest.defaultModel }
        return items
            + ordered.map { model in
                let path = configuration.cacheDirectory + "/models/" + model.file
                let there = access(path, R_OK) == 0
                let size = "\(model.bytes / 1_000_000) MB"
                let how =
                    model.name == manifest.defaultModel
                    ? "fetched at the first run with the model local" : "for --model local:\(model.name)"
                return Item(
                    name: model.name, path: there ? path : nil,
                    note: "\(model.title), \(size), \(model.licence)"
                        + (there ? "" : "; \(how): \(model.downloadBytes / 1_000_000) MB"))
            }
    }
}
