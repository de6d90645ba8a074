// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc

/// A folder of this user's own for the files that programs pass to each other, removed with the value.
final class ScratchFolder: Sendable {
    let path: String

    /// - Parameter parent: where it is made; `TMPDIR` by default, else `/tmp`.
    init(in parent: String) throws {
        var name = Array((parent + "/agent-XXXXXX").utf8CString)
        // mkdtemp makes it with mode 0700.
        guard mkdtemp(&name) != nil else {
            throw ModelError(
                .unavailable,
                "no folder for temporary files can be made in \(parent): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove(path, isFolder: true) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = file(name)
        guard let file = fopen(path, "wxe") else { throw problem(path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw problem(path) }
        return path
    }

    /// Takes a file away before the folder goes.
    func discard(_ path: String) { unlink(path) }

    private func problem(_ path: String) -> ModelError {
        ModelError(.unavailable, "a temporary file cannot be written: \(path): \(String(cString: strerror(errno)))")
    }

    private func remove(_ path: String, isFolder: Bool) {
        guard isFolder, let folder = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            remove(path + "/" + name, isFolder: entry.pointee.d_type == UInt8(DT_DIR))
        }
        closedir(folder)
        rmdir(path)
    }
}
