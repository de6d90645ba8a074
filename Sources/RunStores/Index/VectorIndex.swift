// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB
import Synchronization

/// An index of documents in one SQLite file, searched exactly: each query is compared with every vector.
///
/// A search reads all vectors into memory once, and again after a change: four bytes a number. Up to a few hundred
/// thousand passages that is a matter of milliseconds; a million passages of 384 numbers hold 1.5 GB.
public final class VectorIndex: DocumentIndex {
    /// Passages that a search gives at most.
    public static let maximumHits = 1_000
    /// Bytes of a file that is read at most.
    public static let maximumFileBytes = 16 << 20

    let store: IndexStore
    let paths: IndexPaths
    let chunking: Chunking
    private let models: @Sendable (String?) throws -> any EmbeddingModel
    let modelName: String?
    private let matrix = Mutex<VectorMatrix?>(nil)

    public var path: String { store.path }

    /// Opens the index at `path`; with ``IndexAccess/write``, makes it when it is not there.
    ///
    /// - Parameters:
    ///   - models: makes an embedding model of a name, of `nil` the default. It is asked when a text is to be embedded.
    ///   - modelName: the model to use; `nil` for the one that made the index.
    ///   - chunking: documents that were cut otherwise are cut again when they are added again.
    /// - Throws: ``IndexError``.
    public init(
        path: String, access: IndexAccess = .write, modelName: String? = nil, chunking: Chunking = Chunking(),
        models: @escaping @Sendable (String?) throws -> any EmbeddingModel
    ) throws {
        store = try IndexStore(path: path, access: access)
        paths = IndexPaths(index: store.path)
        self.chunking = chunking
        self.models = models
        self.modelName = modelName
    }

    /// Opens the index at `path` with the one embedding model that it is made and searched with.
    public convenience init(
        path: String, access: IndexAccess = .write, chunking: Chunking = Chunking(), model: any EmbeddingModel
    ) throws {
        try self.init(path: path, access: access, chunking: chunking) { _ in model }
    }

    // MARK: - Searching

    public func search(_ query: String, limit: Int = 5, prefix: String? = nil) async throws -> [IndexHit] {
        guard (1...Self.maximumHits).contains(limit) else {
            throw IndexError(.argument, "limit: expected 1 to \(Self.maximumHits), found \(limit)")
        }
        let beneath = try prefix.map { try IndexPaths.real($0) }
        guard let dimension = try await store.read({ try Facts($0).dimension }) else { return [] }
        let vector = try await embedded(query, dimension)
        // A passage may go between the look at the vectors and the look at the texts.
        for _ in 0..<8 {
            if let hits = try await hits(vector, limit, beneath) { return hits }
        }
        throw IndexError(.storage, "\(path): changes too fast to be searched; try again")
    }

    private func embedded(_ query: String, _ dimension: Int) async throws -> [Float] {
        let response = try await model().embed([query])
        guard let vector = response.embeddings.first?.floats, response.embeddings.count == 1 else {
            throw ModelError(.invalidResponse, "expected 1 vector, found \(response.embeddings.count)")
        }
        guard vector.count == dimension else {
            throw IndexError(.model, "\(path): its vectors have \(dimension) numbers, the query's has \(vector.count)")
        }
        return vector
    }

    /// `nil` when the index changed meanwhile.
    private func hits(_ vector: [Float], _ limit: Int, _ beneath: String?) async throws -> [IndexHit]? {
        let condition = beneath.map { paths.condition(beneath: $0) }
        let (matrix, wanted) = try await store.read { database in
            let wanted = try condition.map { condition in
                try Int64.fetchSet(
                    database, sql: "SELECT id FROM documents WHERE " + condition.sql, arguments: condition.arguments)
            }
            return (try self.current(database), wanted)
        }
        let best = try await matrix.nearest(to: vector, limit: limit, in: wanted)
        return try await store.read { database in
            let hits = try best.map { try IndexHit.fetch(database, $0.chunk, Double($0.score), self.paths) }
            return hits.contains { $0 == nil } ? nil : hits.compactMap(\.self)
        }
    }

    /// The vectors as `database` has them: those at hand, or read anew.
    private func current(_ database: Database) throws -> VectorMatrix {
        let facts = try Facts(database)
        return try matrix.withLock { matrix in
            if let matrix, matrix.generation == facts.generation { return matrix }
            // The old vectors go first: both together may not fit.
            matrix = nil
            let read = try VectorMatrix(database, generation: facts.generation, columns: facts.dimension ?? 0)
            matrix = read
            return read
        }
    }

    // MARK: - Looking

    public func documents() async throws -> [IndexedDocument] {
        try await store.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT path, size, (SELECT count(*) FROM chunks WHERE document = documents.id), hash FROM documents
                    ORDER BY path
                    """)
            return rows.map { row in
                let hash: Blob = row[3]
                return IndexedDocument(
                    path: self.paths.shown(row[0]), bytes: row[1], passages: row[2], hash: hash.bytes.hexadecimal)
            }
        }
    }

    public func facts() async throws -> IndexFacts {
        try await store.read { database in
            let facts = try Facts(database)
            let size = try Row.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks),
                        (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)
                    """)
            return IndexFacts(
                model: facts.model, dimension: facts.dimension, documents: size?[0] ?? 0, passages: size?[1] ?? 0,
                bytes: size?[2] ?? 0)
        }
    }

    // MARK: - The model

    /// The model that made the index, or for a new one the model asked for.
    ///
    /// - Throws: ``IndexError/Code/model`` when another one was asked for.
    func model() async throws -> any EmbeddingModel {
        let facts = try await store.read { try Facts($0) }
        let model = try models(modelName ?? facts.reference ?? facts.model)
        if let recorded = facts.model { try Self.check(model.name, recorded, path) }
        return model
    }

    static func check(_ name: String, _ recorded: String, _ path: String) throws {
        guard name == recorded else {
            throw IndexError(
                .model,
                "\(path): made with the embedding model \"\(recorded)\", which \"\(name)\" cannot search or extend; use "
                    + "that model, or another index for this one")
        }
    }
}

/// What an index says of itself.
struct Facts {
    /// What the model calls itself.
    var model: String?
    /// How it was asked for; `nil` when it was the default.
    var reference: String?
    var dimension: Int?
    var generation: Int64 = 0

    init(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT name, value FROM facts") {
            switch row[0] as String {
            case "model": model = row[1]
            case "reference": reference = row[1]
            case "dimension": dimension = row[1]
            case "generation": generation = row[1]
            default: break
            }
        }
    }

    static func set(_ name: String, to value: some DatabaseValueConvertible, _ database: Database) throws {
        try database.execute(sql: "INSERT OR REPLACE INTO facts VALUES (?, ?)", arguments: [name, value])
    }
}

extension IndexHit {
    /// `nil` when there is no such passage any more.
    fileprivate static func fetch(
        _ database: Database, _ chunk: Int64, _ score: Double, _ paths: IndexPaths
    ) throws -> IndexHit? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT path, first_line, last_line, first_byte, end_byte, heading, text
                FROM chunks JOIN documents ON documents.id = document WHERE chunks.id = ?
                """, arguments: [chunk])
        return row.map { row in
            IndexHit(
                score: score, path: paths.shown(row[0]), lines: (row[1] as Int)...row[2],
                bytes: (row[3] as Int)..<row[4],
                heading: row[5], text: row[6])
        }
    }
}
