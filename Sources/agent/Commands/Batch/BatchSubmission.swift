// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Brings a file of requests to the provider once, however often it is begun.
///
/// Each step is noted before it is begun and after it is done. A step that was begun and not seen to end is looked up
/// at the provider before it is done again: the upload by its name, which is unique, the job by its input file.
struct BatchSubmission {
    let platform: any Platform
    let statePath: String
    let session: ServiceSession
    private(set) var state: BatchState

    init(platform: any Platform, statePath: String, session: ServiceSession, state: BatchState) {
        self.platform = platform
        self.statePath = statePath
        self.session = session
        self.state = state
    }

    /// - Parameter isResumed: whether `state` comes from an earlier try.
    /// - Returns: the job, new or found again.
    mutating func submit(_ file: BatchFile, isResumed: Bool) async throws -> BatchJob {
        if let id = state.jobID {
            session.note("going on with batch job \(id)")
            return BatchJob(try await platform.batchJob(id))
        }
        if state.fileID == nil { state.fileID = try await upload(file, mayBeThere: isResumed) }
        let fileID = state.fileID ?? ""
        let mayBeThere = state.step == .creating
        state.step = .creating
        try state.save(statePath)
        let job = try await job(of: fileID, mayBeThere: mayBeThere)
        state.jobID = job.id
        state.step = .submitted
        try state.save(statePath)
        session.note("batch job \(job.id): \(file.input.customIDs.count) requests")
        return job
    }

    // MARK: - Steps

    private func upload(_ file: BatchFile, mayBeThere: Bool) async throws -> String {
        if mayBeThere, let id = try await uploadedFile() {
            session.note("the upload is there already: \(id)")
            return id
        }
        try state.save(statePath)
        let upload = FileUpload(path: file.path, name: state.uploadName, purpose: "batch")
        let answer = try await platform.upload(upload, onProgress: session.uploading(file.path))
        return try id(of: answer, "an upload")
    }

    private func uploadedFile() async throws -> String? {
        try await platform.files(FileQuery(purpose: "batch", search: state.uploadName)).first { file in
            file["filename"]?.stringValue == state.uploadName
                && file["bytes"]?.integerValue.map { Int($0) == state.byteCount } ?? true
        }?["id"]?.stringValue
    }

    private func job(of fileID: String, mayBeThere: Bool) async throws -> BatchJob {
        if mayBeThere {
            let jobs = try await platform.batchJobs([:]).map { BatchJob($0) }
            if let job = jobs.first(where: { $0.inputFiles.contains(fileID) }) { return job }
        }
        let job = BatchJob(try await platform.createBatchJob(Self.fields(state, fileID: fileID)))
        _ = try id(of: job.json, "a batch job")
        return job
    }

    /// The body of the job.
    static func fields(_ state: BatchState, fileID: String) -> JSONObject {
        var fields: JSONObject = ["input_files": [.string(fileID)], "endpoint": .string(state.endpoint)]
        fields["model"] = state.model.map { .string($0) }
        return fields
    }

    private func id(of answer: JSONValue, _ what: String) throws -> String {
        guard let id = answer["id"]?.stringValue, !id.isEmpty else {
            throw ModelError(.invalidResponse, "the answer to \(what) has no id")
        }
        return id
    }
}
