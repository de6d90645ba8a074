// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
import HTTPCore
public import JSONCore

/// Document AI of the Mistral API (`POST /v1/ocr`).
///
/// A file on this machine is sent from disk inside the request, in base64, piece by piece; with
/// ``OCRRequest/uploadsFile`` it is uploaded first and deleted behind the reading.
public struct MistralOCRModel: OCRModel {
    public static let defaultName = "mistral-ocr-latest"

    public let name: String
    private let client: MistralClient
    private let encoder: OCRRequestEncoder

    public init(name: String = Self.defaultName, client: MistralClient) {
        self.name = name
        self.client = client
        encoder = OCRRequestEncoder(model: name)
    }

    public func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        guard case .file(let path) = request.document else {
            return try await send(
                request, try .json(encoder.fields(of: request, document: document(of: request))), onEvent)
        }
        guard request.uploadsFile else {
            return try await send(request, try content(of: request, path: path), onEvent)
        }
        // What would be refused is refused before anything is uploaded.
        _ = try encoder.fields(of: request, document: .file(id: ""))
        let upload = try await UploadedDocument(path: path, on: client)
        do {
            let fields = try encoder.fields(of: request, document: .file(id: upload.id))
            let response = try await send(request, try .json(fields), onEvent)
            if await !upload.delete() {
                try await onEvent(.progress("the uploaded file \(upload.id) could not be deleted"))
            }
            return response
        } catch {
            await upload.delete()
            throw error
        }
    }

    /// The body of a request whose document is an address or an uploaded file; nothing is sent.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest``.
    public func wireRequest(for request: OCRRequest) throws -> JSONValue {
        .object(try encoder.fields(of: request, document: document(of: request)))
    }

    private func send(
        _ request: OCRRequest, _ content: APIClient.Content, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        try await client.api.send(.init(path: "ocr", content: content)) { attempt, delay, reason in
            try await onEvent(.retrying(attempt: attempt, delay: delay, reason: reason))
        } decode: { bytes throws(ModelError) in
            try OCRResponseDecoder.decode(bytes, of: request, service: client.api.service)
        }
    }

    private func document(of request: OCRRequest) -> OCRRequestEncoder.Document {
        switch request.document {
        case .uploaded(let id): .file(id: id)
        case .url(let url): address(url, isImage: request.isImage ?? MediaType(ofURL: url).isImage)
        case .file(let path):
            address(
                "data:\(MediaType(ofFile: path).name);base64,",
                isImage: request.isImage ?? MediaType(ofFile: path).isImage)
        }
    }

    private func address(_ url: String, isImage: Bool) -> OCRRequestEncoder.Document {
        isImage ? .imageURL(url) : .documentURL(url)
    }

    /// The body with the file's base64 in the place of its address.
    private func content(of request: OCRRequest, path: String) throws -> APIClient.Content {
        let type = MediaType(ofFile: path)
        let mark = "data:\(type.name);base64,"
        let place = "file-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let document = address(mark + place, isImage: request.isImage ?? type.isImage)
        let body = try JSONValue.object(try encoder.fields(of: request, document: document)).serializedBytes()
        guard let hole = body.firstRange(of: Array(place.utf8)) else {
            preconditionFailure("the mark is in the document that was just made")
        }
        let parts: [HTTPRequestStream]
        do throws(HTTPTransportError) {
            parts = [
                HTTPRequestStream(Array(body[..<hole.lowerBound])), try .base64(ofFile: path),
                HTTPRequestStream(Array(body[hole.upperBound...])),
            ]
        } catch {
            throw ModelError(.invalidRequest, "the document cannot be read: \(error)")
        }
        return APIClient.Content(type: "application/json", .stream(.joined(parts)))
    }
}

extension APIClient.Content {
    /// - Throws: ``ModelError/Code/invalidRequest`` for a number that JSON does not have.
    static func json(_ fields: JSONObject) throws(ModelError) -> APIClient.Content {
        do {
            return .json(try JSONValue.object(fields).serializedBytes())
        } catch {
            throw ModelError(.invalidRequest, "the request cannot be written as JSON: \(error)")
        }
    }
}
