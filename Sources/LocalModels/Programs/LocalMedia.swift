// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Glibc
import HTTPCore

/// A document, an image or a recording as a file on this machine.
struct LocalMedia {
    /// Absolute, so that no program takes it for an option.
    let path: String
    let bytes: Int

    /// - Parameters:
    ///   - what: names it in errors: `the document`.
    ///   - folder: where the content of a `data:` address goes.
    /// - Throws: ``ModelError/Code/invalidRequest`` for what is not on this machine, or cannot be read.
    init(_ source: MediaSource, what: String, folder: ScratchFolder) throws {
        switch source {
        case .file(let path): self.path = AbsolutePath.of(path)
        case .uploaded(let id):
            throw ModelError(
                .invalidRequest,
                "\(what) is the uploaded file \"\(id)\", which a model on this machine cannot reach; name a "
                    + "file of this machine")
        case .url(let url):
            guard let content = try Self.content(ofDataURL: url, what: what) else {
                throw ModelError(
                    .invalidRequest,
                    "\(what) is an address, and models on this machine fetch nothing; download it first (curl -LO …) and "
                        + "name the file")
            }
            path = try folder.write(content, to: "input")
        }
        bytes = try Self.size(path, what: what)
    }

    /// The content of a `data:` address (RFC 2397); `nil` for another address.
    static func content(ofDataURL url: String, what: String) throws -> [UInt8]? {
        guard url.prefix(5).lowercased() == "data:" else { return nil }
        guard let comma = url.utf8.firstIndex(of: UInt8(ascii: ",")) else {
            throw ModelError(.invalidRequest, "\(what) is a data: address without a comma before its content")
        }
        guard url[..<comma].lowercased().hasSuffix(";base64") else {
            throw ModelError(.invalidRequest, "\(what) is a data: address whose content is not marked ;base64")
        }
        guard let content = Base64.decode(url.utf8[url.utf8.index(after: comma)...]) else {
            throw ModelError(.invalidRequest, "\(what) is a data: address whose content is not base64")
        }
        return content
    }

    /// The first bytes, which tell what it is.
    func head(_ count: Int = 16) -> [UInt8] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        return Array(bytes.prefix(fread(&bytes, 1, count, file)))
    }

    private static func size(_ path: String, what: String) throws -> Int {
        // A pipe without a writer must not stop us.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw ModelError(
                .invalidRequest, "\(what) cannot be read: \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw ModelError(.invalidRequest, "\(what) cannot be read: \(path): not a regular file")
        }
        guard info.st_size > 0 else { throw ModelError(.invalidRequest, "\(what) is empty: \(path)") }
        return Int(info.st_size)
    }
}

enum AbsolutePath {
    static func of(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}
