// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
public import JSONCore

extension MistralPlatform {
    public func files(_ query: FileQuery) async throws -> [JSONValue] {
        let fields = [("purpose", query.purpose), ("search", query.search)].compactMap { name, value in
            value.map { (name: name, value: $0) }
        }
        return try await pages(of: "files", query: fields)
    }

    public func file(_ id: String) async throws -> JSONValue { try await client.send(.get, "files/\(segment(id))") }

    /// The parts are those of the official SDK, in its order. An upload is not sent again when its answer got lost.
    public func upload(
        _ file: FileUpload, onProgress: @escaping @Sendable (_ sent: Int, _ total: Int) -> Void
    ) async throws -> JSONValue {
        var form = MultipartForm()
        form.append("visibility", "workspace")
        form.append("purpose", file.purpose)
        do throws(HTTPTransportError) {
            let content = try HTTPRequestStream.file(file.path)
            let total = content.length
            form.append("file", filename: file.name, content.reporting { onProgress($0, total) })
        } catch {
            throw ModelError(.invalidRequest, "the file cannot be read: \(error)")
        }
        return try await client.api.send(
            .init(path: "files", content: .form(form), isRepeatable: false),
            decode: { bytes throws(ModelError) in try JSONAnswer.parse(bytes, service: client.api.service)
            })
    }

    public func download(_ id: String, onPiece: ([UInt8]) async throws -> Void) async throws {
        let call = try APIClient.Call(
            method: .get, path: "files/\(segment(id))/content", accept: "application/octet-stream")
        try await client.api.send(call) { _, body in
            var pieces = body.makeAsyncIterator()
            var count = 0
            while true {
                let piece: [UInt8]?
                do {
                    piece = try await pieces.next()
                } catch let error as HTTPTransportError where count > 0 {
                    throw ModelError(
                        error.code == .timeout ? .timeout : .cut,
                        "the file of \(client.api.service) was cut off after \(count) bytes: \(error)")
                }
                guard let piece else { return }
                count += piece.count
                try await onPiece(piece)
            }
        }
    }

    public func signedURL(_ id: String, hours: Int) async throws -> String {
        try MistralRule.check("expiry", hours, isAtLeast: 1)
        let answer = try await client.send(.get, "files/\(segment(id))/url", query: [("expiry", "\(hours)")])
        guard let url = answer["url"]?.stringValue else { throw malformed("an address: it has no 'url'") }
        return url
    }

    public func deleteFile(_ id: String) async throws -> JSONValue {
        try await client.send(.delete, "files/\(segment(id))")
    }
}
