// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the embedded models need and what of it is on this machine.
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
    /// Of the chat models; the default ones first, or the file that is used in their place.
    public let weights: [Item]
    /// What embeddings, OCR and transcription need beside them. None of it is needed to chat.
    public let services: [Item]

    /// All of it, in the order in which it is shown.
    public var items: [Item] { [python, engine] + weights + services }

    /// Whether a run with `local` could start now without fetching anything.
    public var isReady: Bool { python.isPresent && engine.isPresent && weights.first?.isPresent == true }

    init(_ configuration: LocalConfiguration) throws {
        let manifest = try ModelManifest()
        python = Item(
            name: "python3", path: configuration.python,
            note: configuration.python == nil
                ? "hosts the engine; on Debian: apt install python3 python3-venv" : "hosts the engine")
        engine = Self.engine(configuration, manifest)
        weights = Self.ownFile(configuration) + Self.weights(configuration, manifest)
        services = Self.services(configuration, manifest)
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

    private static func ownFile(_ configuration: LocalConfiguration) -> [Item] {
        guard let path = configuration.modelPath else { return [] }
        let there = access(path, R_OK) == 0
        let note = there ? "used instead of fetched weights" : "\(path): no such file, or not readable"
        return [Item(name: "AGENT_LOCAL_MODEL", path: there ? path : nil, note: note)]
    }

    private static func weights(_ configuration: LocalConfiguration, _ manifest: ModelManifest) -> [Item] {
        let chat = manifest.models.filter { $0.kind == .chat }
        let ordered =
            chat.filter { $0.name == manifest.defaultModel } + chat.filter { $0.name != manifest.defaultModel }
        return ordered.map { model in
            let isDefault = model.name == manifest.defaultModel
            let use = isDefault ? "at the first run with the model local" : "for --model local:\(model.name)"
            return weights(model, configuration, use)
        }
    }

    private static func weights(
        _ model: ModelManifest.Weights, _ configuration: LocalConfiguration, _ use: String
    ) -> Item {
        let path = configuration.path(of: model)
        let there = access(path, R_OK) == 0
        let what = "\(model.title), \(model.bytes / 1_000_000) MB, \(model.licence)"
        return Item(
            name: model.name, path: there ? path : nil,
            note: what + (there ? "" : "; fetched \(use): \(model.downloadBytes / 1_000_000) MB"))
    }

    private static func services(_ configuration: LocalConfiguration, _ manifest: ModelManifest) -> [Item] {
        let uses: [(ModelManifest.Kind, String)] = [
            (.embeddings, "at the first use of embeddings"), (.transcription, "at the first transcription"),
        ]
        let models = uses.flatMap { kind, use in
            manifest.models.filter { $0.kind == kind }.map { weights($0, configuration, use) }
        }
        return models + [speechEngine(configuration, manifest)] + programs(configuration)
    }

    /// It is unpacked for one version of Python, which nobody asks here: any will do.
    private static func speechEngine(_ configuration: LocalConfiguration, _ manifest: ModelManifest) -> Item {
        let versions = (10...14).map { "\(configuration.cacheDirectory)/speech/\(manifest.speechVersion)-py3.\($0)" }
        let path = versions.first { access($0, R_OK) == 0 }
        let size = manifest.speechDownloadBytes / 1_000_000
        return Item(
            name: "ctranslate2 \(manifest.speechVersion)", path: path,
            note: "the engine of transcription (MIT), with numpy and libsndfile"
                + (path == nil ? "; fetched at the first transcription: \(size) MB" : ""))
    }

    private static func programs(_ configuration: LocalConfiguration) -> [Item] {
        let programs: [(name: String, package: String, what: String)] = [
            ("tesseract", "tesseract-ocr", "reads pixels, for OCR"),
            ("pdftotext", "poppler-utils", "reads PDF, for OCR"),
            ("ffmpeg", "ffmpeg", "only for recordings that are not WAV, FLAC, Ogg, Opus or MP3"),
        ]
        return programs.map { program in
            let path = configuration.program(program.name)
            let note = program.what + (path == nil ? "; on Debian: apt install \(program.package)" : "")
            return Item(name: program.name, path: path, note: note)
        }
    }
}
