// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// How far a submission came, kept beside its input, so that one that was killed can go on.
struct BatchState: Equatable {
    /// What was begun last. What was begun may have been done without our hearing of it.
    enum Step: String {
        case uploading, creating, submitted
    }

    var step: Step
    /// Of the input, in hexadecimal digits.
    var hash: String
    var byteCount: Int
    var endpoint: String
    var model: String?
    /// The name of the upload, which no other file has.
    var uploadName: String
    var fileID: String?
    var jobID: String?

    init(_ file: BatchFile, endpoint: String, model: String?) {
        step = .uploading
        hash = Self.hash(of: file)
        byteCount = file.input.byteCount
        self.endpoint = endpoint
        self.model = model
        let name = file.path.split(separator: "/").last.map(String.init) ?? "requests.jsonl"
        let stem = name.hasSuffix(".jsonl") ? String(name.dropLast(".jsonl".count)) : name
        let token = String(UInt32.random(in: .min ... .max), radix: 36)
        uploadName = "\(stem).\(hash.prefix(8))-\(token).jsonl"
    }

    static func hash(of file: BatchFile) -> String { String(file.input.hash, radix: 16) }

    // MARK: - The file

    /// - Returns: `nil` when there is no file.
    /// - Throws: ``ConfigurationError`` when it is not one of this program's.
    static func load(_ path: String) throws -> BatchState? {
        guard access(path, F_OK) == 0 else { return nil }
        guard let value = try? JSONValue(parsing: try ScriptFile(path).source), let state = BatchState(value) else {
            throw ConfigurationError(
                "\(path): not a state of agent batch submit; delete it or name another with --state")
        }
        return state
    }

    func save(_ path: String) throws {
        do {
            try AtomicFile.write(Array(try json.serialized(indent: 2).utf8) + [0x0A], to: path)
        } catch let problem as FileProblem {
            throw ConfigurationError("--state \(problem)")
        }
    }

    private init?(_ json: JSONValue) {
        guard json["version"]?.integerValue == 1, let hash = json["hash"]?.stringValue,
            let bytes = json["bytes"]?.integerValue, let endpoint = json["endpoint"]?.stringValue,
            let name = json["upload_name"]?.stringValue, let step = Step(rawValue: json["step"]?.stringValue ?? "")
        else { return nil }
        self.step = step
        self.hash = hash
        byteCount = Int(bytes)
        self.endpoint = endpoint
        model = json["model"]?.stringValue
        uploadName = name
        fileID = json["file_id"]?.stringValue
        jobID = json["job_id"]?.stringValue
    }

    private var json: JSONValue {
        var fields: JSONObject = [
            "version": 1, "step": .string(step.rawValue), "hash": .string(hash), "bytes": .integer(Int64(byteCount)),
            "endpoint": .string(endpoint), "upload_name": .string(uploadName),
        ]
        fields["model"] = model.map { .string($0) }
        fields["file_id"] = fileID.map { .string($0) }
        fields["job_id"] = jobID.map { .string($0) }
        return .object(fields)
    }
}
