// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// A batch job as the provider describes it, read leniently: statuses are an open set and every field may be missing.
package struct BatchJob: Sendable, Equatable {
    /// The provider's own description.
    package let json: JSONValue

    package init(_ json: JSONValue) { self.json = json }

    package var id: String { json["id"]?.stringValue ?? "" }
    package var status: String { json["status"]?.stringValue ?? "" }
    package var outputFile: String? { json["output_file"]?.stringValue }
    package var errorFile: String? { json["error_file"]?.stringValue }
    package var inputFiles: [String] { (json["input_files"]?.arrayValue ?? []).compactMap(\.stringValue) }
    package var total: Int { count("total_requests") }
    package var completed: Int { max(count("completed_requests"), succeeded + failed) }
    package var succeeded: Int { count("succeeded_requests") }
    package var failed: Int { count("failed_requests") }

    /// Whether nothing more happens to the job. A status of tomorrow counts as an end once the provider says when.
    package var isFinished: Bool {
        switch status {
        case "SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED": true
        case "QUEUED", "RUNNING", "CANCELLATION_REQUESTED": false
        default: json["completed_at"]?.integerValue != nil
        }
    }

    /// What the provider says went wrong with the job as a whole.
    package var problem: String? {
        let messages = (json["errors"]?.arrayValue ?? []).compactMap { $0["message"]?.stringValue }
        return messages.isEmpty ? nil : messages.joined(separator: "; ")
    }

    /// One line for a person: `RUNNING: 3 of 10, 1 failed`.
    package var summary: String {
        let progress = total > 0 ? ": \(completed) of \(total)" + (failed > 0 ? ", \(failed) failed" : "") : ""
        return status + progress
    }

    private func count(_ field: String) -> Int { Int(json[field]?.integerValue ?? 0) }
}

extension Platform {
    /// Waits until a batch job is over.
    ///
    /// - Parameters:
    ///   - interval: between two questions.
    ///   - timeout: when to give up; `nil` for never. The job goes on all the same.
    ///   - onAnswer: called with each state of the job that the provider tells.
    /// - Returns: the job in its last state: not finished when the time was up.
    package func finishedBatchJob(
        _ id: String, interval: Duration, timeout: Duration? = nil,
        onAnswer: (BatchJob) async throws -> Void = { _ in }
    ) async throws -> BatchJob {
        let end = timeout.map { ContinuousClock.now + $0 }
        while true {
            let job = BatchJob(try await batchJob(id))
            try await onAnswer(job)
            if job.isFinished { return job }
            if let end, ContinuousClock.now + interval > end { return job }
            try await Task.sleep(for: interval)
        }
    }
}
