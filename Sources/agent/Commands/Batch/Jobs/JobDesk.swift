// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// Where the items of a batch wait for models that are asked by batch jobs.
///
/// It gathers what items ask, and sends it as one job for each model when all items in hand wait for something. What came of a job
/// is kept with the batch before an item hears of it, and what was asked is known by its place in the run of its item: an item that is
/// resumed asks the same at the same place, and gets what is there, or waits for the job that is under way.
actor JobDesk {
    /// A job takes so many requests, and so many bytes: far below what the service takes in one file (512 MB).
    static let maximumRequests = 10_000
    private static let maximumBytes = 256 << 20
    /// How long nothing new may come while all items wait, and how long in any case, before what is there is sent.
    private static let pause = Duration.milliseconds(100)
    private static let patience = Duration.seconds(30)
    private static let tick = Duration.milliseconds(20)

    private struct Waiter {
        let request: JobRequest
        let continuation: CheckedContinuation<BatchResult, any Error>
    }

    private let store: BatchStore
    private let worker: JobWorker
    private var pending: [JobRequest] = []
    /// What was asked by jobs, and not yet handed on.
    private var known: [JobKey: ItemQuestion]
    private var waiting: [JobKey: Waiter] = [:]
    private var left: Set<JobKey> = []
    /// How often an item asked at one place.
    private var asked: [JobKey: Int] = [:]
    /// How many answers each item in hand waits for.
    private var inHand: [Int: Int] = [:]
    private var lastChange = ContinuousClock.now
    private var isClosed = false
    private var failure: (any Error)?

    init(store: BatchStore, worker: JobWorker) throws {
        self.store = store
        self.worker = worker
        known = Dictionary(
            try store.questions().map { (JobKey(item: $0.item, path: $0.path), $0) }, uniquingKeysWith: { $1 })
    }

    // MARK: - Items

    /// `items` are in hand: nothing is sent before all of them wait.
    func begin(_ items: some Sequence<Int> & Sendable) {
        for item in items where inHand[item] == nil { inHand[item] = 0 }
        lastChange = .now
    }

    func end(_ item: Int) {
        inHand[item] = nil
        lastChange = .now
    }

    /// Waits for the answer to `request`.
    ///
    /// - Throws: `CancellationError`.
    func ask(_ request: JobRequest) async throws -> BatchResult {
        var request = request
        asked[request.key, default: 0] += 1
        // A guardrail may ask a model several times in one step.
        if let count = asked[request.key], count > 1 { request.path += "#\(count)" }
        let key = request.key
        if let question = known[key], question.digest == request.digest {
            if let answer = question.answer {
                known[key] = nil
                return BatchResult(try JSONValue(parsing: answer))
            }
        } else {
            known[key] = nil
            pending.append(request)
        }
        lastChange = .now
        let sent = request
        inHand[key.item, default: 0] += 1
        defer { inHand[key.item]? -= 1 }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if left.remove(key) != nil || Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting[key] = Waiter(request: sent, continuation: continuation)
                }
            }
        } onCancel: {
            Task { await self.leave(key) }
        }
    }

    private func leave(_ key: JobKey) {
        pending.removeAll { $0.key == key }
        if let waiter = waiting.removeValue(forKey: key) {
            waiter.continuation.resume(throwing: CancellationError())
        } else {
            left.insert(key)
        }
    }

    // MARK: - Jobs

    /// Sends and brings jobs until the desk is closed.
    ///
    /// - Throws: what keeps a job from being sent or waited for.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for job in try store.jobs() { group.addTask { await self.bring(job, isResumed: true) } }
            while !isClosed {
                if let failure { throw failure }
                if let requests = due() { group.addTask { await self.send(requests) } }
                try await Task.sleep(for: Self.tick)
            }
            // What nobody waits for any more goes on at the provider.
            group.cancelAll()
        }
    }

    func close() { isClosed = true }

    /// What is to be sent now, all of one model.
    private func due() -> [JobRequest]? {
        guard let first = pending.first else { return nil }
        let quiet = ContinuousClock.now - lastChange
        let allWait = inHand.values.allSatisfy { $0 > 0 }
        guard pending.count >= Self.maximumRequests || quiet >= (allWait ? Self.pause : Self.patience) else {
            return nil
        }
        var requests: [JobRequest] = []
        var byteCount = 0
        var rest: [JobRequest] = []
        for request in pending {
            let isOfJob = request.model == first.model && request.endpoint == first.endpoint
            let size = request.body.utf8.count
            if isOfJob, requests.count < Self.maximumRequests,
                requests.isEmpty || byteCount + size <= Self.maximumBytes
            {
                requests.append(request)
                byteCount += size
            } else {
                rest.append(request)
            }
        }
        pending = rest
        return requests
    }

    private func send(_ requests: [JobRequest]) async {
        do {
            // What led to the questions is kept before they are, and on the disk with them.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for request in requests { group.addTask { try await request.run.journal.flush(isSynced: false) } }
                try await group.waitForAll()
            }
            let name = worker.newName()
            let byteCount = try worker.write(requests.map(\.line), name)
            let questions = requests.map {
                ItemQuestion(item: $0.key.item, path: $0.key.path, digest: $0.digest)
            }
            let job = try store.begin(
                jobOf: requests[0].model, name: name, byteCount: byteCount, asking: questions)
            for var question in questions {
                question.job = job.key
                known[JobKey(item: question.item, path: question.path)] = question
            }
            await bring(job, isResumed: false)
        } catch {
            failure = failure ?? error
        }
    }

    private func bring(_ job: ItemJob, isResumed: Bool) async {
        do {
            guard let results = try await worker.results(of: job, isResumed: isResumed) else {
                // It was never sent, and cannot be: its items ask again.
                try store.forget(job)
                for (key, question) in known where question.job == job.key {
                    known[key] = nil
                    if let waiter = waiting[key] { pending.append(waiter.request) }
                }
                return
            }
            try keep(results, of: job)
        } catch {
            failure = failure ?? error
        }
    }

    /// Keeps what came of a job, then hands it on.
    private func keep(_ results: JobWorker.Results, of job: ItemJob) throws {
        var answers: [JobKey: BatchResult] = [:]
        let byID = Dictionary(
            results.results.ordered(by: []).map { ($0.customID, $0) },
            // A line of the error file says more than one that merely lacks an answer.
            uniquingKeysWith: { $1.isFailure ? $1 : $0 })
        var kept: [ItemQuestion] = []
        for (key, var question) in known where question.job == job.key {
            let result = byID[key.customID] ?? results.missing(key.customID)
            question.answer = try result.line.serialized()
            answers[key] = result
            kept.append(question)
        }
        try store.end(results.job, answers: kept)
        worker.remove(job.name)
        for question in kept {
            let key = JobKey(item: question.item, path: question.path)
            known[key] = question
            guard let waiter = waiting.removeValue(forKey: key), let result = answers[key] else { continue }
            known[key] = nil
            waiter.continuation.resume(returning: result)
        }
        lastChange = .now
    }
}
