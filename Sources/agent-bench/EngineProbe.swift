// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import HTTPTypes

/// The running engine, asked without loop, form and decoder: bytes in, bytes out.
enum EngineProbe {
    /// Sends `body` and calls `onPiece` for each piece of the answer that comes in.
    ///
    /// - Returns: tokens that were generated.
    static func stream(_ host: RuntimeHost, _ body: JSONValue, _ onPiece: @Sendable () -> Void) async throws -> Int {
        let request = HTTPTransportRequest(
            method: .post, url: try HTTPURL(parsing: "http://localhost/v1/chat/completions"),
            headerFields: [.contentType: "application/json"], body: .bytes(try body.serializedBytes()),
            socketPath: try socket())
        let bytes = try await host.transport.withResponse(to: request, timeouts: HTTPTimeouts()) { _, body in
            var bytes: [UInt8] = []
            for try await piece in body {
                onPiece()
                bytes += piece
            }
            return bytes
        }
        let events = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let usages = events.compactMap { try? JSONValue(parsing: String($0.dropFirst(6)))["usage"] }
        return Int(usages.last?["completion_tokens"]?.integerValue ?? 0)
    }

    /// The socket of the engine that serves the default weights.
    private static func socket() throws -> String {
        let configuration = LocalConfiguration(variable: { name in getenv(name).map { String(cString: $0) } })
        let folder = configuration.runtimeDirectory
        guard let entries = opendir(folder) else { throw ModelError(.unavailable, "no engine runs in \(folder)") }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let facts = facts(in: folder + "/" + name), facts["model"]?.stringValue?.contains("1.5b") == true,
                let path = facts["http"]?.stringValue
            else { continue }
            return path
        }
        throw ModelError(.unavailable, "no engine with the default weights runs in \(folder)")
    }

    private static func facts(in folder: String) -> JSONValue? {
        guard let file = fopen(folder + "/ready", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return try? JSONValue(parsing: Array(bytes[..<count]))
    }
}
