// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// Embeds any number of texts over an ``APIClient``: some requests at a time, each with some of the texts.
package struct EmbeddingExchange: Sendable {
    /// Requests under way at a time.
    private static let width = 4

    package let client: APIClient
    package let model: String
    package let batches: EmbeddingBatches
    /// The name of the field for ``EmbeddingRequest/outputDimension``.
    private let dimensionField: String

    package init(
        client: APIClient, model: String, batches: EmbeddingBatches, dimensionField: String = "output_dimension"
    ) {
        self.client = client
        self.model = model
        self.batches = batches
        self.dimensionField = dimensionField
    }

    package func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let ranges = batches.split(request.inputs)
        if ranges.count == 1 { return try await embed(request, ranges[0], onEvent) }
        let parts = try await withoutActuallyEscaping(onEvent) { onEvent in
            try await withThrowingTaskGroup(of: (Int, EmbeddingResponse).self) { group in
                var parts = [EmbeddingResponse?](repeating: nil, count: ranges.count)
                for (place, range) in ranges.enumerated() {
                    if place >= Self.width, let (done, part) = try await group.next() { parts[done] = part }
                    group.addTask { (place, try await embed(request, range, onEvent)) }
                }
                for try await (done, part) in group { parts[done] = part }
                return parts.compactMap(\.self)
            }
        }
        return Self.joined(parts, model: model)
    }

    package func fields(of request: EmbeddingRequest) -> JSONObject {
        var fields: JSONObject = ["model": .string(model), "input": .array(request.inputs.map { .string($0) })]
        fields["metadata"] = request.metadata.map { .object($0) }
        fields[dimensionField] = request.outputDimension.map { .integer(Int64($0)) }
        fields["output_dtype"] = request.outputDtype.map { .string($0) }
        fields["encoding_format"] = request.encodingFormat.map { .string($0) }
        return fields
    }

    /// Embeds the texts of `range`, in halves when the server says that they are too many.
    private func embed(
        _ request: EmbeddingRequest, _ range: Range<Int>, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        var part = request
        part.inputs = Array(request.inputs[range])
        do {
            return try await send(part, onEvent)
        } catch let error as ModelError where Self.asksForLess(error) {
            guard let halves = EmbeddingBatches.halves(of: range) else {
                var error = error
                error.message = "inputs[\(range.lowerBound)]: \(error.message)"
                throw error
            }
            var parts: [EmbeddingResponse] = []
            for half in halves { parts.append(try await embed(request, half, onEvent)) }
            return Self.joined(parts, model: model)
        }
    }

    private func send(
        _ request: EmbeddingRequest, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let body: [UInt8]
        do {
            body = try JSONValue.object(fields(of: request)).serializedBytes()
        } catch {
            throw ModelError(.invalidRequest, "the texts cannot be written as JSON: \(error)")
        }
        let decoder = EmbeddingResponseDecoder(
            service: client.service, dtype: request.outputDtype ?? "float")
        return try await client.send(.init(path: "embeddings", content: .json(body))) {
            attempt, delay, reason in
            try await onEvent(.retrying(attempt: attempt, delay: delay, reason: reason))
        } decode: { bytes throws(ModelError) in
            try decoder.decode(bytes, count: request.inputs.count)
        }
    }

    /// Mistral API: 3210 is "Too many tokens overall, split into more batches" and "Too many inputs in request".
    private static func asksForLess(_ error: ModelError) -> Bool {
        if error.status == 413 || error.providerCode == "3210" || error.code == .contextTooLong { return true }
        let words = error.message.lowercased()
        return error.status == 400 && (words.contains("too many tokens") || words.contains("too many inputs"))
    }

    private static func joined(_ parts: [EmbeddingResponse], model: String) -> EmbeddingResponse {
        var usage = Usage()
        for part in parts { usage += part.usage }
        return EmbeddingResponse(
            model: parts.first?.model ?? model, embeddings: parts.flatMap(\.embeddings), usage: usage)
    }
}
