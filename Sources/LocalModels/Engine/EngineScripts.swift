// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc

/// The Python programs that fetch and host the engines, put beside the cache where an interpreter can run them.
struct EngineScripts {
    let fetch: String
    let engine: String
    let transcribe: String
    let manifest: String

    /// Writes the programs unless the very same are there. Their folder is named after their content, so that two
    /// versions of this library do not write over each other.
    init(in cacheDirectory: String) throws {
        let files = [
            ("fetch.py", PackageResources.fetch_py), ("engine.py", PackageResources.engine_py),
            ("bert_gguf.py", PackageResources.bert_gguf_py), ("transcribe.py", PackageResources.transcribe_py),
            ("models.json", PackageResources.models_json),
        ]
        let folder = cacheDirectory + "/bin-" + Fingerprint.of(files.flatMap(\.1))
        try Self.makeFolders(folder)
        for (name, content) in files { try Self.write(content, to: folder + "/" + name) }
        fetch = folder + "/fetch.py"
        engine = folder + "/engine.py"
        transcribe = folder + "/transcribe.py"
        manifest = folder + "/models.json"
    }

    private static func makeFolders(_ path: String) throws {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/\(part)"
            if mkdir(built, 0o700) != 0 && errno != EEXIST { throw problem(built) }
        }
    }

    private static func write(_ content: [UInt8], to path: String) throws {
        var info = stat()
        if stat(path, &info) == 0 && Int(info.st_size) == content.count { return }
        let temporary = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        guard let file = fopen(temporary, "wxe") else { throw problem(path) }
        let written = fwrite(content, 1, content.count, file)
        guard fclose(file) == 0, written == content.count, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw problem(path)
        }
    }

    private static func problem(_ path: String) -> ModelError {
        ModelError(.unavailable, "the local model's cache: \(path): \(String(cString: strerror(errno)))")
    }
}
