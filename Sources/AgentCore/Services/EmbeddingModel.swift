// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Something that turns texts into vectors: a provider's API or the embedded engine.
public protocol EmbeddingModel: Sendable {
    /// The name that results and indexes show, such as `mistral-embed` or `local`.
    var name: String { get }

    /// Embeds texts. Large batches are split, and the parts may be embedded side by side.
    ///
    /// - Parameter onEvent: retries and progress.
    /// - Returns: one vector for each input, in the order of the inputs.
    /// - Throws: ``ModelError``, or `CancellationError`.
    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse
}

extension EmbeddingModel {
    public func embed(_ texts: [String]) async throws -> EmbeddingResponse {
        try await embed(EmbeddingRequest(texts), onEvent: { _ in })
    }
}

/// What is to be embedded, and how. `nil` leaves a field out, so that the provider's default holds.
public struct EmbeddingRequest: Sendable, Equatable {
    public var inputs: [String]
    /// Numbers of a vector, over 0; not every model can choose.
    public var outputDimension: Int?
    /// `float`, `int8`, `uint8`, `binary` or `ubinary`; of the last two a vector holds 8 dimensions in a number.
    public var outputDtype: String?
    /// How vectors travel: `float` (JSON numbers) or `base64`. The result is the same.
    public var encodingFormat: String?
    public var metadata: JSONObject?

    public init(
        _ inputs: [String], outputDimension: Int? = nil, outputDtype: String? = nil, encodingFormat: String? = nil,
        metadata: JSONObject? = nil
    ) {
        self.inputs = inputs
        self.outputDimension = outputDimension
        self.outputDtype = outputDtype
        self.encodingFormat = encodingFormat
        self.metadata = metadata
    }
}

/// The vectors of a request.
public struct EmbeddingResponse: Sendable, Equatable {
    /// The model that answered, by the provider's word.
    public var model: String
    public var embeddings: [Embedding]
    public var usage: Usage

    public init(model: String, embeddings: [Embedding], usage: Usage = Usage()) {
        self.model = model
        self.embeddings = embeddings
        self.usage = usage
    }
}

/// One vector.
public enum Embedding: Sendable, Equatable {
    /// `float`.
    case numbers([Double])
    /// `int8`, `uint8`, `binary` and `ubinary`.
    case integers([Int])

    public var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .integers(let integers): integers.count
        }
    }

    /// The numbers in single precision, as indexes keep them.
    public var floats: [Float] {
        switch self {
        case .numbers(let numbers): numbers.map { Float($0) }
        case .integers(let integers): integers.map { Float($0) }
        }
    }
}
