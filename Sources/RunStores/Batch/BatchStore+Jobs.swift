// SPDX-License-Identifier: Apache-2.0

import GRDB

/// A job of the provider that items of a batch wait for, and how far it came.
package struct ItemJob: Sendable, Equatable {
    /// What was begun last. What was begun may have been done without our hearing of it.
    package enum Step: String, Sendable {
        case uploading, creating, submitted, over
    }

    package var key: Int64
    package var model: String
    /// Of the upload, which no other file has.
    package var name: String
    /// How long the upload is.
    package var byteCount: Int
    package var step: Step
    /// The ids of the upload and of the job, once they are known.
    package var file: String?
    package var id: String?
}

/// What an item asks of a model.
package struct ItemQuestion: Sendable, Equatable {
    package var item: Int
    /// Where in the run of the item.
    package var path: String
    /// Of what is asked.
    package var digest: String
    /// The line of results, once it is there.
    package var answer: String?
    /// The key of the job.
    package var job: Int64

    package init(item: Int, path: String, digest: String, job: Int64 = 0) {
        (self.item, self.path, self.digest, self.job) = (item, path, digest, job)
    }
}

/// The jobs of a batch. What a call has returned from is on the disk.
extension BatchStore {
    /// The jobs that are not over.
    package func jobs() throws -> [ItemJob] {
        try wrap {
            try database.read { database in
                try Row.fetchAll(database, sql: "SELECT * FROM jobs WHERE step <> 'over' ORDER BY key").map { row in
                    ItemJob(
                        key: row["key"], model: row["model"], name: row["name"], byteCount: row["bytes"],
                        step: ItemJob.Step(rawValue: row["step"]) ?? .uploading, file: row["file"], id: row["job"])
                }
            }
        }
    }

    /// What items without a result have asked.
    package func questions() throws -> [ItemQuestion] {
        try wrap {
            try database.read { database in
                try Row.fetchAll(database, sql: "SELECT * FROM questions").map { row in
                    var question = ItemQuestion(
                        item: row["item"], path: row["path"], digest: row["digest"], job: row["job"])
                    question.answer = row["answer"]
                    return question
                }
            }
        }
    }

    /// Notes a job before anything of it is sent.
    package func begin(
        jobOf model: String, name: String, byteCount: Int, asking questions: [ItemQuestion]
    ) throws -> ItemJob {
        try wrap {
            try database.write { database in
                let step = ItemJob.Step.uploading
                try database.execute(
                    sql: "INSERT INTO jobs (model, name, bytes, step) VALUES (?, ?, ?, ?)",
                    arguments: [model, name, byteCount, step.rawValue])
                let key = database.lastInsertedRowID
                let statement = try database.cachedStatement(
                    sql: "INSERT OR REPLACE INTO questions (item, path, job, digest) VALUES (?, ?, ?, ?)")
                for question in questions {
                    try statement.execute(arguments: [question.item, question.path, key, question.digest])
                }
                return ItemJob(key: key, model: model, name: name, byteCount: byteCount, step: step)
            }
        }
    }

    package func update(_ job: ItemJob) throws {
        try wrap { try database.write { try Self.update(job, $0) } }
    }

    /// Keeps what came of a job that is over.
    package func end(_ job: ItemJob, answers: [ItemQuestion]) throws {
        try wrap {
            try database.write { database in
                let statement = try database.cachedStatement(
                    sql: "UPDATE questions SET answer = ? WHERE item = ? AND path = ? AND job = ?")
                for answer in answers {
                    try statement.execute(arguments: [answer.answer, answer.item, answer.path, job.key])
                }
                try Self.update(job, database)
            }
        }
    }

    /// Forgets a job of which nothing was sent: what it asked is asked anew.
    package func forget(_ job: ItemJob) throws {
        try wrap {
            try database.write { database in
                try database.execute(sql: "DELETE FROM questions WHERE job = ?", arguments: [job.key])
                try database.execute(sql: "DELETE FROM jobs WHERE key = ?", arguments: [job.key])
            }
        }
    }

    private static func update(_ job: ItemJob, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE jobs SET step = ?, file = ?, job = ? WHERE key = ?",
            arguments: [job.step.rawValue, job.file, job.id, job.key])
    }
}
