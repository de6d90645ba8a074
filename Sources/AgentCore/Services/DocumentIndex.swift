// SPDX-License-Identifier: Apache-2.0

/// Documents that are searched by meaning: each is cut into passages, and each passage has a vector.
///
/// All calls throw ``IndexError``, ``ModelError`` where texts are embedded, or `CancellationError`. Whatever ends a
/// call, the index holds whole documents and none by halves.
public protocol DocumentIndex: Sendable {
    /// The file that holds the index.
    var path: String { get }

    /// Adds files, and folders with all that is in them. What has not changed costs a read and no embedding; what has
    /// vanished from an added folder is removed.
    ///
    /// - Parameters:
    ///   - paths: relative ones start at the process's current folder.
    ///   - isAllowed: whether a file may be read, by its path without links: asked for each of `paths` and for each file beneath
    ///     them. What was asked for is what is read: a link that takes its place is not followed.
    ///   - onEvent: progress, and what the model reports.
    /// - Returns: what was done. Files that hold no text are not errors: the report counts them.
    func add(
        _ paths: [String], allowing isAllowed: @Sendable (String) -> Bool,
        onEvent: @Sendable (IndexEvent) async throws -> Void
    ) async throws -> IndexReport

    /// The passages nearest in meaning to `query`, the best first.
    ///
    /// - Parameters:
    ///   - limit: passages at most, from 1.
    ///   - prefix: a file or a folder; passages from elsewhere are left out. `nil` for none.
    func search(_ query: String, limit: Int, prefix: String?) async throws -> [IndexHit]

    /// Removes documents: files, and folders with all that is in them, whether or not they still exist.
    ///
    /// - Returns: how many documents were removed.
    func remove(_ paths: [String]) async throws -> Int

    /// All documents, by path.
    func documents() async throws -> [IndexedDocument]

    func facts() async throws -> IndexFacts
}

extension DocumentIndex {
    /// Adds files and folders, wherever they are.
    public func add(
        _ paths: [String], onEvent: @Sendable (IndexEvent) async throws -> Void
    ) async throws -> IndexReport {
        try await add(paths, allowing: { _ in true }, onEvent: onEvent)
    }
}

/// Opens indexes of documents.
public protocol DocumentIndexProvider: Sendable {
    /// The index that is meant when nobody names one.
    var defaultPath: String { get }

    /// - Parameters:
    ///   - path: the index's file; ``IndexAccess/write`` makes it when it is not there.
    ///   - model: an embedding model by name; `nil` for the one that made the index, or the default for a new one.
    /// - Throws: ``IndexError``.
    func open(_ path: String, model: String?, access: IndexAccess) async throws -> any DocumentIndex
}

public enum IndexAccess: Sendable {
    case read
    case write
}

/// What happens while documents are added.
public enum IndexEvent: Sendable, Equatable {
    /// Of `total` files `done` are dealt with; `embedded` passages were embedded for them.
    case progress(done: Int, total: Int, embedded: Int)
    case model(ModelEvent)
}

/// What adding documents did.
public struct IndexReport: Sendable, Equatable {
    /// A file that was left out, and why.
    public struct Skipped: Sendable, Equatable {
        public var path: String
        public var reason: String

        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// Documents that are new.
    public var added = 0
    /// Documents whose content has changed.
    public var updated = 0
    public var unchanged = 0
    /// Documents that vanished.
    public var removed = 0
    /// Passages that were embedded.
    public var embedded = 0
    /// Passages of new and changed documents whose vector the index had already.
    public var reused = 0
    public var skipped: [Skipped] = []
    public var usage = Usage()

    public init() {}
}

/// A passage that was found.
public struct IndexHit: Sendable, Equatable {
    /// The cosine of the angle between passage and query: 1 for the same direction, 0 for nothing in common.
    public var score: Double
    /// The document, from the current folder if it lies beneath it.
    public var path: String
    /// Lines of the document from 1.
    public var lines: ClosedRange<Int>
    /// Bytes of the document from 0.
    public var bytes: Range<Int>
    /// The headings above the passage: `Guide > Install`; empty when there are none.
    public var heading: String
    /// The passage, byte for byte as it stands in the document.
    public var text: String

    public init(
        score: Double, path: String, lines: ClosedRange<Int>, bytes: Range<Int>, heading: String, text: String
    ) {
        self.score = score
        self.path = path
        self.lines = lines
        self.bytes = bytes
        self.heading = heading
        self.text = text
    }

    /// Where the passage stands: `docs/a.md:12-30`, or `docs/a.md:12` for a single line.
    public var citation: String {
        lines.count == 1 ? "\(path):\(lines.lowerBound)" : "\(path):\(lines.lowerBound)-\(lines.upperBound)"
    }
}

/// A document in an index.
public struct IndexedDocument: Sendable, Equatable {
    /// From the current folder if it lies beneath it.
    public var path: String
    public var bytes: Int
    public var passages: Int
    /// SHA-256 of the content, in hexadecimal digits.
    public var hash: String

    public init(path: String, bytes: Int, passages: Int, hash: String) {
        self.path = path
        self.bytes = bytes
        self.passages = passages
        self.hash = hash
    }
}

/// An index as a whole.
public struct IndexFacts: Sendable, Equatable {
    /// The embedding model; `nil` before the first document.
    public var model: String?
    /// Numbers of a vector; `nil` before the first passage.
    public var dimension: Int?
    public var documents: Int
    public var passages: Int
    /// Bytes of the file.
    public var bytes: Int

    public init(model: String?, dimension: Int?, documents: Int, passages: Int, bytes: Int) {
        self.model = model
        self.dimension = dimension
        self.documents = documents
        self.passages = passages
        self.bytes = bytes
    }
}

/// Why an index cannot do what was asked.
///
/// `description` is a sentence for a person. It never holds a query or a document's text.
public struct IndexError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no index, or no document or file of the name.
        public static let notFound = Code(rawValue: "not_found")
        /// The file is no index, is damaged, or a newer program made it.
        public static let format = Code(rawValue: "format")
        /// The index's vectors are of another model.
        public static let model = Code(rawValue: "model")
        /// The system or SQLite refuses: disk full, no permission, locked for too long.
        public static let storage = Code(rawValue: "storage")
        /// A limit or a path is not as it must be.
        public static let argument = Code(rawValue: "argument")
    }

    public var code: Code
    public var description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
