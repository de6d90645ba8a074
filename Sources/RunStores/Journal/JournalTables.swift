// SPDX-License-Identifier: Apache-2.0

/// The tables of a journal.
enum JournalTables {
    static let statements = [
        // One row a run; `info` has what is not asked for by itself, as JSON.
        """
        CREATE TABLE run (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, began INTEGER NOT NULL, ended INTEGER,
            status TEXT NOT NULL, command TEXT NOT NULL, script TEXT, model TEXT, session TEXT, parent TEXT,
            total_tokens INTEGER NOT NULL, cost INTEGER, source INTEGER, info TEXT NOT NULL)
        """,
        "CREATE INDEX run_session ON run (session) WHERE session IS NOT NULL",
        // Texts, each once: messages and scripts.
        "CREATE TABLE content (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, body TEXT NOT NULL)",
        // A conversation is its last message and the conversation before it, so that longer ones repeat nothing; 0 is the empty one.
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, content INTEGER NOT NULL, UNIQUE (parent, content))
        """,
        """
        CREATE TABLE record (
            run INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, operation TEXT NOT NULL,
            name TEXT NOT NULL, effect TEXT NOT NULL, request TEXT, conversation INTEGER NOT NULL,
            began INTEGER NOT NULL, ended INTEGER, outcome TEXT, is_failure INTEGER NOT NULL, is_redacted INTEGER NOT NULL,
            usage TEXT, cost INTEGER, PRIMARY KEY (run, number)) WITHOUT ROWID
        """,
        // The order in which the lines of a script went on, in pieces.
        "CREATE TABLE schedule (place INTEGER PRIMARY KEY, run INTEGER NOT NULL, steps TEXT NOT NULL)",
        "CREATE INDEX schedule_run ON schedule (run)",
        // Keys of calls that run at most once; they outlive their runs.
        """
        CREATE TABLE once (
            script TEXT NOT NULL, tool TEXT NOT NULL, key TEXT NOT NULL, run TEXT NOT NULL, record INTEGER NOT NULL,
            result TEXT, PRIMARY KEY (script, tool, key)) WITHOUT ROWID
        """,
    ]
}
