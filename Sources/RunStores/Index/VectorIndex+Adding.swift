// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB

extension VectorIndex {
    public func add(
        _ paths: [String], allowing isAllowed: @Sendable (String) -> Bool = { _ in true },
        onEvent: @Sendable (IndexEvent) async throws -> Void = { _ in }
    ) async throws -> IndexReport {
        let embedder = PassageEmbedder(try await model(), store)
        var report = IndexReport()
        let walks = try await walks(paths, allowing: isAllowed, &report)
        let total = walks.reduce(0) { $0 + $1.walk.files.count }
        var (done, waiting, passages) = (0, [PreparedDocument](), 0)
        for (root, walk) in walks {
            var present: Set<String> = []
            for file in walk.files {
                try Task.checkCancellation()
                done += 1
                if let prepared = try await prepare(file, &present, &report) {
                    waiting.append(prepared)
                    passages += prepared.chunks.count
                }
                // A batch is whole documents: what is stored is never half of one.
                if passages >= Self.batch {
                    try await put(waiting, embedder, &report, onEvent)
                    (waiting, passages) = ([], 0)
                }
                try await onEvent(.progress(done: done, total: total, embedded: report.embedded))
            }
            try await put(waiting, embedder, &report, onEvent)
            (waiting, passages) = ([], 0)
            report.removed += try await removeVanished(root, walk, present)
        }
        return report
    }

    public func remove(_ paths: [String]) async throws -> Int {
        let roots = try paths.map { self.paths.condition(beneath: try IndexPaths.real($0)) }
        return try await store.write { database in
            var count = 0
            for root in roots {
                try database.execute(sql: "DELETE FROM documents WHERE " + root.sql, arguments: root.arguments)
                count += database.changesCount
            }
            if count > 0 { try Self.countChange(database) }
            return count
        }
    }

    /// Passages that are embedded and stored together.
    private static let batch = 256

    // MARK: - Files

    private func walks(
        _ paths: [String], allowing isAllowed: (String) -> Bool, _ report: inout IndexReport
    ) async throws -> [(root: String, walk: FolderWalk)] {
        var walks: [(root: String, walk: FolderWalk)] = []
        for path in paths {
            let root = try IndexPaths.real(path)
            guard isAllowed(root) else { throw IndexError(.notFound, "\(path): it now leads where it may not") }
            var walk = FolderWalk()
            // A path that is gone but was added before is one whose documents vanished.
            if !walk.take(root), try await !holds(self.paths.condition(beneath: root)) {
                throw IndexError(.notFound, "\(path): no such file or folder")
            }
            walk.leaveOut { isAllowed($0) ? nil : "not granted" }
            report.skipped += walk.skipped.map { .init(path: shown($0.path), reason: $0.reason) }
            walks.append((root, walk))
        }
        return walks
    }

    private func holds(_ condition: (sql: String, arguments: StatementArguments)) async throws -> Bool {
        try await store.read { database in
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM documents WHERE \(condition.sql) LIMIT 1", arguments: condition.arguments)
                != nil
        }
    }

    private func shown(_ absolute: String) -> String { paths.shown(paths.stored(absolute)) }

    /// The document in `file` if it must be stored; `present` gets its path if it stays or comes.
    private func prepare(
        _ file: String, _ present: inout Set<String>, _ report: inout IndexReport
    ) async throws -> PreparedDocument? {
        let stored = paths.stored(file)
        switch TextFile.read(file, maximumBytes: Self.maximumFileBytes) {
        case .unread(let reason):
            present.insert(stored)
            report.skipped.append(.init(path: shown(file), reason: reason))
        case .unfit(let reason): report.skipped.append(.init(path: shown(file), reason: reason))
        case .text(let bytes):
            present.insert(stored)
            let hash = Blob(SHA256.digest(bytes))
            let chunking = self.chunking.name
            let isUnchanged = try await store.read { database in
                try Int.fetchOne(
                    database, sql: "SELECT 1 FROM documents WHERE path = ? AND hash = ? AND chunking = ?",
                    arguments: [stored, hash, chunking]) != nil
            }
            if isUnchanged {
                report.unchanged += 1
            } else {
                let chunks = Chunker(self.chunking).chunks(of: bytes, isMarkdown: PreparedDocument.isMarkdown(file))
                return PreparedDocument(path: stored, size: bytes.count, hash: hash, chunks: chunks)
            }
        }
        return nil
    }

    /// Removes what the index has beneath `root` and the disk has no longer, or no longer as text. What is there but was
    /// not looked at stays: a hidden file that was named itself, a folder that cannot be read now.
    private func removeVanished(_ root: String, _ walk: FolderWalk, _ present: Set<String>) async throws -> Int {
        let condition = paths.condition(beneath: root)
        let known = try await store.read { database in
            try String.fetchAll(
                database, sql: "SELECT path FROM documents WHERE " + condition.sql, arguments: condition.arguments)
        }
        let unfit = Set(walk.files.map { paths.stored($0) }).subtracting(present)
        let vanished = known.filter { path in
            !present.contains(path) && (unfit.contains(path) || FolderWalk.isGone(paths.absolute(path)))
        }
        guard !vanished.isEmpty else { return 0 }
        return try await store.write { database in
            for path in vanished {
                try database.execute(sql: "DELETE FROM documents WHERE path = ?", arguments: [path])
            }
            try Self.countChange(database)
            return vanished.count
        }
    }

    // MARK: - Storing

    private func put(
        _ documents: [PreparedDocument], _ embedder: PassageEmbedder, _ report: inout IndexReport,
        _ onEvent: @Sendable (IndexEvent) async throws -> Void
    ) async throws {
        guard !documents.isEmpty else { return }
        let chunker = Chunker(chunking)
        let batch = try await embedder.embed(documents, chunker) { try await onEvent(.model($0)) }
        report.embedded += batch.embedded
        report.reused += batch.reused
        report.usage += batch.usage
        report.skipped += batch.refused.map { .init(path: paths.shown($0.path), reason: $0.reason) }
        let (chunking, model, path) = (chunking.name, (name: embedder.name, reference: modelName), path)
        let isNew = try await store.write { database in
            try Self.record(model, batch.dimension, path, database)
            try Self.countChange(database)
            return try batch.documents.map { try $0.store(database, chunking: chunking) }
        }
        report.added += isNew.count { $0 }
        report.updated += isNew.count { !$0 }
    }

    /// Another process may have made the index meanwhile, with another model.
    private static func record(
        _ model: (name: String, reference: String?), _ dimension: Int?, _ path: String, _ database: Database
    ) throws {
        let facts = try Facts(database)
        if let recorded = facts.model {
            try check(model.name, recorded, path)
        } else {
            try Facts.set("model", to: model.name, database)
            if let reference = model.reference { try Facts.set("reference", to: reference, database) }
        }
        guard let dimension else { return }
        guard facts.dimension == nil || facts.dimension == dimension else {
            throw IndexError(
                .model,
                "\(path): its vectors have \(facts.dimension ?? 0) numbers, but \"\(model.name)\" now gives \(dimension); "
                    + "remove the index and add the documents again")
        }
        try Facts.set("dimension", to: dimension, database)
    }

    private static func countChange(_ database: Database) throws {
        try Facts.set("generation", to: try Facts(database).generation + 1, database)
    }
}

/// A document on its way into the index.
struct PreparedDocument: Sendable {
    /// As the index names it.
    var path: String
    var size: Int
    var hash: Blob
    var chunks: [Chunk]
    /// One for each chunk.
    var vectors: [[Float]] = []

    static func isMarkdown(_ path: String) -> Bool {
        [".md", ".markdown", ".mdx", ".mkd", ".qmd", ".rmd"].contains { path.lowercased().hasSuffix($0) }
    }

    /// - Returns: whether the index had no such document.
    func store(_ database: Database, chunking: String) throws -> Bool {
        try database.execute(sql: "DELETE FROM documents WHERE path = ?", arguments: [path])
        let isNew = database.changesCount == 0
        try database.execute(
            sql: "INSERT INTO documents (path, size, hash, chunking) VALUES (?, ?, ?, ?)",
            arguments: [path, size, hash, chunking])
        let document = database.lastInsertedRowID
        let chunkStatement = try database.cachedStatement(
            sql: """
                INSERT INTO chunks (document, ordinal, first_byte, end_byte, first_line, last_line, heading, text, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let vectorStatement = try database.cachedStatement(sql: "INSERT INTO vectors VALUES (?, ?, ?)")
        for (ordinal, (chunk, vector)) in zip(chunks, vectors).enumerated() {
            try chunkStatement.execute(arguments: [
                document, ordinal, chunk.bytes.lowerBound, chunk.bytes.upperBound, chunk.lines.lowerBound,
                chunk.lines.upperBound, chunk.headings.joined(separator: " > "), chunk.text, Blob(chunk.digest),
            ])
            try vectorStatement.execute(arguments: [database.lastInsertedRowID, document, Blob(vector)])
        }
        return isNew
    }
}

extension Chunk {
    /// By which the vectors of equal passages are found again.
    var digest: [UInt8] { SHA256.digest(embedded.utf8) }
}
