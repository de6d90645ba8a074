// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which model, engine and context one engine process serves, and where its sockets are.
struct EnginePlace: Sendable {
    let model: String
    let context: Int
    let enginePath: String
    /// A folder of this user's own, with a short name: the path of a socket is limited to 107 bytes.
    let runtimeDirectory: String

    init(_ configuration: LocalConfiguration, _ weights: ModelManifest.Weights?) throws {
        let version = try ModelManifest().engineVersion
        model = configuration.modelPath ?? weights.map { configuration.path(of: $0) } ?? ""
        context = min(configuration.contextTokens, weights?.context ?? configuration.contextTokens)
        enginePath = configuration.cacheDirectory + "/engine/" + version
        let engine = configuration.llamaServer ?? version
        let key = Fingerprint.of("\(model)\n\(engine)\n\(context)".utf8)
        runtimeDirectory = configuration.runtimeDirectory + "/" + key
    }

    var leaseSocket: String { runtimeDirectory + "/lease.sock" }

    /// Makes the folder above the runtime directory; engine.py makes and checks the directory itself.
    func makeParent() {
        var built = ""
        for part in runtimeDirectory.split(separator: "/").dropLast() {
            built += "/\(part)"
            mkdir(built, 0o700)
        }
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
