// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc

/// Weights that a user names (`AGENT_LOCAL_MODEL`).
struct ModelFile {
    let path: String
    /// Tells this file from another one that takes its name later.
    let identity: String

    /// - Throws: ``ModelError`` with ``ModelError/Code/configuration`` when it cannot be read or is not a GGUF file.
    init(_ given: String) throws {
        path = Self.absolute(given)
        guard let file = fopen(path, "re") else { throw Self.problem(given, String(cString: strerror(errno))) }
        defer { fclose(file) }
        var info = stat()
        guard fstat(fileno(file), &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw Self.problem(given, "it is not a file")
        }
        var magic = [UInt8](repeating: 0, count: 4)
        guard fread(&magic, 1, 4, file) == 4, magic == Array("GGUF".utf8) else {
            throw Self.problem(given, "it is not a GGUF file, the form of weights that llama.cpp reads")
        }
        identity = "\(path)\n\(info.st_size)\n\(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)"
    }

    private static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    private static func problem(_ path: String, _ reason: String) -> ModelError {
        ModelError(.configuration, "AGENT_LOCAL_MODEL: \(path): \(reason)")
    }
}
