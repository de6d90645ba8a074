// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Which model, engine and context one engine process serves, and where its sockets are.
struct EnginePlace: Sendable {
    /// The path of the weights.
    let model: String
    let context: Int
    /// Whether it turns texts into vectors and does not chat.
    let servesEmbeddings: Bool
    let enginePath: String
    /// A folder of this user's own, with a short name.
    let runtimeDirectory: String

    /// - Parameter weights: of the manifest; `nil` for the file that the configuration names.
    init(_ configuration: LocalConfiguration, _ weights: ModelManifest.Weights?) throws {
        let version = try ModelManifest().engineVersion
        let identity: String
        servesEmbeddings = weights?.kind == .embeddings
        if let weights {
            model = configuration.path(of: weights)
            identity = model
            context = min(configuration.contextTokens, weights.context)
        } else {
            let file = try ModelFile(configuration.modelPath ?? "")
            (model, identity) = (file.path, file.identity)
            context = configuration.contextTokens
        }
        enginePath = configuration.cacheDirectory + "/engine/" + version
        let engine = configuration.llamaServer ?? version
        runtimeDirectory =
            configuration.runtimeDirectory + "/" + Fingerprint.of("\(identity)\n\(engine)\n\(context)".utf8)
    }

    var leaseSocket: String { runtimeDirectory + "/lease.sock" }

    /// Makes the folder of the sockets, or checks that nobody else can write into the one that is there.
    func prepare() throws {
        // sockaddr_un holds 107 bytes; engine.py draws the line at 100.
        guard leaseSocket.utf8.count <= 100 else {
            throw ModelError(
                .unavailable,
                "the local model cannot put its sockets into \(runtimeDirectory): their paths would have "
                    + "\(leaseSocket.utf8.count) bytes, a Unix socket's has 100 at most; set XDG_RUNTIME_DIR to a folder with a "
                    + "shorter path")
        }
        try PrivateFolder.make(runtimeDirectory)
    }
}

extension LocalConfiguration {
    func path(of weights: ModelManifest.Weights) -> String { cacheDirectory + "/models/" + weights.file }
}

/// FNV-1a, 64 bits: tells things apart, protects nothing.
enum Fingerprint {
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
