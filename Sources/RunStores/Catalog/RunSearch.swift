// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB
import Glibc
import JSONCore

/// Where a text was found.
public struct RunHit: Sendable, Equatable {
    public var run: RunSummary
    /// How many messages and records of the run have it.
    public var places: Int
    /// The first of them, with what was found between ``RunSearch/begin`` and ``RunSearch/end``.
    public var excerpt: String
}

/// Finds runs by the texts in them: prompts, answers, arguments and results of tools.
///
/// The index is a file beside the journal, made and brought up to date by searches alone, so that runs are not slowed by it. It can be
/// removed at any time.
public struct RunSearch: Sendable {
    /// Around what was found.
    public static let (begin, end) = ("\u{1}", "\u{2}")

    /// How texts were searched.
    public enum Method: String, Sendable {
        /// Words that begin so, by SQLite's FTS5.
        case words
        /// The text as it is, letter for letter save the case of ASCII: for SQLite without FTS5, and scripts without blanks.
        case letters
    }

    let place: JournalPlace
    private let path: String
    private let hasWords: Bool

    public init(_ store: RunStore) { self.init(store.place) }

    init(_ place: JournalPlace, hasWords: Bool = true) {
        self.place = place
        self.hasWords = hasWords
        path = place.path + "-search"
    }

    /// - Parameter limit: runs at most, the newest first.
    /// - Throws: ``JournalError``.
    public func runs(with text: String, limit: Int) throws(JournalError) -> (hits: [RunHit], method: Method) {
        let words = SearchWords(text)
        let catalog = RunCatalog(place)
        guard words.hasLetters, try catalog.existing() != nil else { return ([], .words) }
        let index = try refreshed()
        do {
            let (found, method) = try index.read { database in
                guard words.isForWords, try RunTexts.hasWords(database) else {
                    return (try RunTexts.find(letters: words.letters, limit, database), Method.letters)
                }
                return (try RunTexts.find(words.query, limit, database), Method.words)
            }
            let runs = Dictionary(
                try catalog.summaries(of: found.map(\.run)).map { ($0.info.id, $0) },
                uniquingKeysWith: { first, _ in first })
            let hits = found.compactMap { found in
                runs[found.run].map { RunHit(run: $0, places: found.places, excerpt: found.excerpt) }
            }
            return (hits, method)
        } catch {
            throw JournalDatabase.error(error, path)
        }
    }

    /// Takes runs out of the index.
    func forget(_ ids: [String]) throws(JournalError) {
        guard access(path, F_OK) == 0 else { return }
        do {
            let index = try opened()
            try index.write { database in for id in ids { try RunTexts.remove(id, database) } }
            // What was removed must not be readable in free pages.
            try index.vacuum()
        } catch {
            throw JournalDatabase.error(error, path)
        }
    }

    // MARK: - The index

    private func opened() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.label = "search"
        if access(path, F_OK) != 0 {
            // The texts are the user's alone from the first byte on.
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if file >= 0 { close(file) }
        }
        do {
            return try made(configuration)
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            // It holds nothing that is not in the journal.
            unlink(path)
            return try made(configuration)
        }
    }

    private func made(_ configuration: Configuration) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { try RunTexts.makeTables($0, hasWords: hasWords) }
        return queue
    }

    /// The index with all that has changed since the last search.
    private func refreshed() throws(JournalError) -> DatabaseQueue {
        do {
            let index = try opened()
            let known = try index.read(RunTexts.states)
            let journal = try place.opened(makes: false)
            let now = try journal.read(RunTexts.current)
            let gone = known.keys.filter { now[$0] == nil }
            let changed = now.filter { known[$0.key] != $0.value }.sorted { $0.key < $1.key }
            guard !gone.isEmpty || !changed.isEmpty else { return index }
            // In pieces, so that the journal is read without keeping its runs in memory.
            for id in gone { try index.write { try RunTexts.remove(id, $0) } }
            for start in stride(from: 0, to: changed.count, by: 200) {
                let part = changed[start..<min(start + 200, changed.count)]
                let texts = try journal.read { database in
                    try part.map { ($0.key, $0.value, try RunTexts.texts(of: $0.value.key, database)) }
                }
                try index.write { database in
                    for (id, state, list) in texts { try RunTexts.add(id, state, list, database) }
                }
            }
            return index
        } catch {
            throw JournalDatabase.error(error, path)
        }
    }
}
