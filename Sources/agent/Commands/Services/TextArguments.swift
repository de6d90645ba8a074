// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// Texts that were given on the command line, in files and on stdin.
enum TextArguments {
    /// The lines of a file, `-` for stdin, without empty ones.
    static func lines(of file: String) async throws -> [String] {
        try await text(of: file).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// The content of a file, `-` for stdin.
    ///
    /// - Throws: ``UsageError`` when there is no such file, or it is not UTF-8.
    static func text(of file: String) async throws -> String {
        let bytes = file == "-" ? try await StandardInput.read(.all) ?? [] : try ScriptFile(file).source
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw UsageError("\(file == "-" ? "standard input" : file) is not UTF-8 text")
        }
        return text
    }

    static func isFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    /// A URL or the path of a file that is there.
    ///
    /// - Throws: ``UsageError`` before anything is sent.
    static func media(_ argument: String) throws -> MediaSource {
        let source = MediaSource(argument)
        if case .file(let path) = source {
            guard access(path, R_OK) == 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
            guard isFile(path) else { throw UsageError("\(path): expected a file") }
        }
        return source
    }
}
