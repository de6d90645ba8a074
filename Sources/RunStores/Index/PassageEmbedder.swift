// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB

/// Finds a vector for each passage: one that the index has already, or a new one.
///
/// A passage that the model finds too long is halved until it fits, so that one dense page does not end a long run.
struct PassageEmbedder {
    private let model: any EmbeddingModel
    private let store: IndexStore

    init(_ model: any EmbeddingModel, _ store: IndexStore) {
        self.model = model
        self.store = store
    }

    var name: String { model.name }

    struct Batch {
        var documents: [PreparedDocument] = []
        /// Documents with a passage that the model refuses however short it is.
        var refused: [(path: String, reason: String)] = []
        var embedded = 0
        var reused = 0
        var usage = Usage()
        var dimension: Int?
        fileprivate var vectors: [[UInt8]: [Float]] = [:]
        /// Why the model refuses a passage.
        fileprivate var refusals: [[UInt8]: String] = [:]
    }

    typealias Report = @Sendable (ModelEvent) async throws -> Void

    func embed(_ documents: [PreparedDocument], _ chunker: Chunker, onEvent: Report) async throws -> Batch {
        var batch = Batch()
        var open = documents
        while !open.isEmpty {
            try await fill(&batch, with: open.flatMap(\.chunks), onEvent)
            open = open.compactMap { close($0, chunker, &batch) }
        }
        return batch
    }

    /// Puts `document` where it belongs if all its passages have vectors; else gives it back with shorter passages.
    private func close(_ document: PreparedDocument, _ chunker: Chunker, _ batch: inout Batch) -> PreparedDocument? {
        var document = document
        let digests = document.chunks.map(\.digest)
        guard digests.contains(where: { batch.refusals[$0] != nil }) else {
            document.vectors = digests.compactMap { batch.vectors[$0] }
            batch.documents.append(document)
            return nil
        }
        var chunks: [Chunk] = []
        for (chunk, digest) in zip(document.chunks, digests) {
            guard let refusal = batch.refusals[digest] else {
                chunks.append(chunk)
                continue
            }
            guard let parts = chunker.split(chunk), parts.count > 1 else {
                batch.refused.append((document.path, "line \(chunk.lines.lowerBound): \(refusal)"))
                return nil
            }
            chunks += parts
        }
        document.chunks = chunks
        return document
    }

    // MARK: - Vectors

    private func fill(_ batch: inout Batch, with chunks: [Chunk], _ onEvent: Report) async throws {
        var missing: [(digest: [UInt8], text: String)] = []
        var seen: Set<[UInt8]> = []
        for chunk in chunks {
            let digest = chunk.digest
            guard batch.vectors[digest] == nil, batch.refusals[digest] == nil, seen.insert(digest).inserted else {
                continue
            }
            missing.append((digest, chunk.embedded))
        }
        let digests = missing.map(\.digest)
        let (known, dimension) = try await store.read { database in
            (try Self.known(digests, database), try Facts(database).dimension)
        }
        if batch.dimension == nil { batch.dimension = dimension }
        batch.reused += known.count
        batch.vectors.merge(known) { old, _ in old }
        missing.removeAll { known[$0.digest] != nil }
        for start in stride(from: 0, to: missing.count, by: Self.width) {
            try await embed(missing[start..<min(start + Self.width, missing.count)], into: &batch, onEvent)
        }
    }

    /// Texts of one call: the model splits them further if it must, and may embed the parts side by side.
    private static let width = 256

    private static func known(_ digests: [[UInt8]], _ database: Database) throws -> [[UInt8]: [Float]] {
        var known: [[UInt8]: [Float]] = [:]
        let statement = try database.cachedStatement(
            sql: "SELECT vector FROM chunks JOIN vectors ON chunk = chunks.id WHERE hash = ? LIMIT 1")
        for digest in digests {
            known[digest] = try Blob.fetchOne(statement, arguments: [Blob(digest)])?.floats
        }
        return known
    }

    private func embed(
        _ texts: ArraySlice<(digest: [UInt8], text: String)>, into batch: inout Batch, _ onEvent: Report
    ) async throws {
        do {
            let response = try await model.embed(EmbeddingRequest(texts.map(\.text)), onEvent: onEvent)
            try take(response, for: texts.map(\.digest), into: &batch)
        } catch let error as ModelError where error.code == .contextTooLong || error.code == .invalidRequest {
            // A model that refuses everything is not helped by shorter passages.
            if error.code == .invalidRequest, batch.vectors.isEmpty { _ = try await model.embed(["a"]) }
            guard texts.count > 1 else {
                if let only = texts.first { batch.refusals[only.digest] = error.description }
                return
            }
            let middle = texts.startIndex + texts.count / 2
            try await embed(texts[..<middle], into: &batch, onEvent)
            try await embed(texts[middle...], into: &batch, onEvent)
        }
    }

    private func take(_ response: EmbeddingResponse, for digests: [[UInt8]], into batch: inout Batch) throws {
        guard response.embeddings.count == digests.count else {
            throw ModelError(
                .invalidResponse, "expected \(digests.count) vectors, found \(response.embeddings.count)")
        }
        for (digest, embedding) in zip(digests, response.embeddings) {
            let vector = embedding.floats
            let dimension = batch.dimension ?? vector.count
            guard vector.count == dimension, dimension > 0, vector.allSatisfy(\.isFinite) else {
                throw ModelError(
                    .invalidResponse,
                    "expected a vector of \(dimension) finite numbers, found \(vector.count)"
                        + (vector.count == dimension ? ", some of them not finite" : ""))
            }
            batch.dimension = dimension
            batch.vectors[digest] = vector
        }
        batch.embedded += digests.count
        batch.usage += response.usage
    }
}
