// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// What became of one request of a batch job.
package struct BatchResult: Sendable, Equatable {
    package var customID: String
    /// The HTTP status of the request; `nil` when the line has none.
    package var status: Int?
    /// The answer. Of a failed line it may come as text of JSON, and is then read.
    package var body: JSONValue
    /// Why there is no answer; `nil` for a request that succeeded.
    package var error: String?
    /// The line as it came.
    package var line: JSONValue

    package var isFailure: Bool { error != nil }

    /// - Parameter line: `{ custom_id, response: { status_code, body }, error }`.
    package init(_ line: JSONValue) {
        self.line = line
        let response = line["response"]
        customID = line["custom_id"]?.stringValue ?? ""
        status = response?["status_code"]?.integerValue.map { Int($0) }
        let body = response?["body"] ?? .null
        self.body = body.stringValue.flatMap { try? JSONValue(parsing: $0) } ?? body
        error = Self.error(line["error"] ?? .null, status, self.body)
    }

    /// A request of which the provider said nothing.
    package static func missing(_ customID: String) -> BatchResult {
        BatchResult([
            "custom_id": .string(customID), "response": .null, "error": ["message": "no result came for this request"],
        ])
    }

    private static func error(_ error: JSONValue, _ status: Int?, _ body: JSONValue) -> String? {
        if !error.isNull { return words(error) }
        guard let status, !(200...299).contains(status) else { return nil }
        return "HTTP \(status): \(words(body))"
    }

    /// The sentence of an error in one of the forms that it comes in.
    private static func words(_ value: JSONValue) -> String {
        let inner = value["message"] ?? value["detail"] ?? value["error"] ?? value
        if let text = inner.stringValue { return text }
        if let message = inner["message"]?.stringValue { return message }
        return (try? inner.serialized()) ?? "no reason given"
    }

    /// The result for scripts: `{ custom_id, status_code, body, error }`.
    package var scriptValue: JSONValue {
        var fields: JSONObject = ["custom_id": .string(customID)]
        if let status { fields["status_code"] = .integer(Int64(status)) }
        if !body.isNull { fields["body"] = body }
        if let error { fields["error"] = .string(error) }
        return .object(fields)
    }
}

/// The results of a job, which a provider gives in any order and in two files.
package struct BatchResults: Sendable {
    /// Bytes of results that are held at once.
    package static let maximumBytes = 512 << 20

    package private(set) var results: [BatchResult] = []

    package init() {}

    /// Adds a file of results.
    ///
    /// - Throws: ``ModelError/Code/invalidResponse`` with the number of a line that is not JSON.
    package mutating func add(lines bytes: [UInt8], of file: String) throws(ModelError) {
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
            do {
                results.append(BatchResult(try JSONValue(parsing: line)))
            } catch {
                throw ModelError(.invalidResponse, "results \(file): line \(number + 1): \(error)")
            }
        }
    }

    package mutating func add(_ lines: [JSONValue]) { results += lines.map { BatchResult($0) } }

    /// One result for each of `customIDs`, in their order; then what nobody asked for.
    package func ordered(by customIDs: [String]) -> [BatchResult] {
        var byID: [String: BatchResult] = [:]
        var others: [BatchResult] = []
        let wanted = Set(customIDs)
        for result in results {
            // A line of the error file says more than one that merely lacks an answer.
            guard wanted.contains(result.customID) else { others.append(result); continue }
            if byID[result.customID] == nil || result.isFailure { byID[result.customID] = result }
        }
        return customIDs.map { byID[$0] ?? .missing($0) } + others
    }

    /// The results by their ids: `"2"` before `"10"`.
    package var ordered: [BatchResult] {
        results.enumerated().sorted { left, right in
            let (a, b) = (left.element.customID, right.element.customID)
            return a == b ? left.offset < right.offset : Self.precedes(a, b)
        }.map(\.element)
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        switch (Int(left), Int(right)) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        case (nil, _?): false
        default: left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}

extension Platform {
    /// All results of a finished job: of its files of answers and of errors, and those that the job itself holds.
    package func batchResults(of job: BatchJob) async throws -> BatchResults {
        var results = BatchResults()
        for file in [job.outputFile, job.errorFile].compactMap(\.self) {
            var bytes: [UInt8] = []
            try await download(file) { piece in
                bytes += piece
                guard bytes.count <= BatchResults.maximumBytes else {
                    throw ModelError(
                        .invalidResponse,
                        "results \(file): more than \(BatchResults.maximumBytes) bytes; download the file instead")
                }
            }
            try results.add(lines: bytes, of: file)
        }
        results.add(job.json["outputs"]?.arrayValue ?? [])
        return results
    }
}
