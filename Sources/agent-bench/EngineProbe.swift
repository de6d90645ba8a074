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

    private static func socket() throws -> String {
        let folder = LocalConfiguration(variable: { name in getenv(name).map { String(cString: $0) } }).runtimeDirectory
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(folder + "/*/http.sock", 0, nil, &found) == 0, let path = found.gl_pathv[0] else {
            throw ModelError(.unavailable, "no engine runs in \(folder)")
        }
        return String(cString: path)
    }
}
