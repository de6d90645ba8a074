// SPDX-License-Identifier: Apache-2.0

/// The records that a run may be answered from, each once.
struct Recording {
    let schedule: [ScheduleStep]
    let lastNumber: Int
    private var byPath: [JournalPath: JournalRecord] = [:]
    /// Steps that came to an end, of those with a record.
    private let ended: Set<JournalPath>
    /// Requests that are asked again although they are recorded: what was cut off, and answers that held a secret.
    private let askedAgain: [JournalPath]
    /// The last step of each line, with or without a record of its own.
    private var lastSteps: [JournalPath: Int] = [:]
    /// Records behind a fork, by what they ask; the earliest last.
    private var rest: [String: [JournalRecord]] = [:]

    init(_ run: RecordedRun?, _ mode: RunRecorder.Mode) {
        var kept = run?.records ?? []
        var steps = run?.schedule ?? []
        // Other answers make another order.
        if case .fork(let first) = mode {
            for record in kept.reversed() where record.number >= first && Self.isMatched(record) {
                rest[Self.key(record.operation, record.name), default: []].append(record)
            }
            kept.removeAll { $0.number >= first }
            for place in kept.indices where kept[place].isGroup { kept[place].outcome = nil }
            steps = []
        }
        schedule = steps
        lastNumber = kept.map(\.number).max() ?? 0
        ended = Set(kept.lazy.filter { $0.outcome.map { !$0.isCancelled } == true }.map(\.path))
        askedAgain = kept.filter { Self.isAskedAgain($0, mode) }.map(\.path)
        for record in kept {
            byPath[record.path] = record
            for (line, step) in record.path.lines { lastSteps[line] = max(step, lastSteps[line] ?? 0) }
        }
    }

    private static func isAskedAgain(_ record: JournalRecord, _ mode: RunRecorder.Mode) -> Bool {
        if record.isGroup || mode == .replay { return false }
        guard let outcome = record.outcome else { return true }
        return outcome.isCancelled || (outcome.isRedacted && mode == .resume)
    }

    /// Whether nothing is asked again before or in the step at `path`: it is then what it was.
    func isAnswered(_ path: JournalPath) -> Bool {
        !askedAgain.contains { $0 < path || $0.starts(with: path) }
    }

    /// Whether the step at `path` is what it was, and has a step behind it on its line, or is part of one that came to its end.
    func hasPassed(_ path: JournalPath) -> Bool {
        guard isAnswered(path) else { return false }
        return path.lines.contains { line, step in
            ended.contains(line) || (line == path.parent && lastSteps[line] ?? 0 > step)
        }
    }

    /// Models are what a fork is about, and what has steps of its own is done again.
    private static func isMatched(_ record: JournalRecord) -> Bool {
        !record.isGroup && record.operation != "model" && record.outcome != nil
    }

    private static func key(_ operation: String, _ name: String) -> String { operation + "\u{1}" + name }

    func peek(_ path: JournalPath) -> JournalRecord? { byPath[path] }

    mutating func take(_ path: JournalPath) -> JournalRecord? { byPath.removeValue(forKey: path) }

    /// The earliest record behind the fork that asks the same and has not been used.
    mutating func takeSame(as step: JournalStep, _ secrets: SecretRedactor) -> JournalRecord? {
        let key = Self.key(step.operation, secrets.redact(step.name))
        guard var records = rest[key] else { return nil }
        let request = secrets.redact(step.request)
        guard let place = records.lastIndex(where: { $0.request == request }) else { return nil }
        defer { rest[key] = records }
        return records.remove(at: place)
    }

    /// The first record that was not asked for and is not excused.
    func firstUnused(_ isExcused: (JournalPath) -> Bool) -> JournalRecord? {
        byPath.values.filter { !isExcused($0.path) }.min { $0.number < $1.number }
    }
}

extension JournalPath {
    /// The lines that it is on, each with its step there; the script's first.
    fileprivate var lines: [(line: JournalPath, step: Int)] {
        steps.indices.map { (JournalPath(Array(steps[..<$0])), steps[$0]) }
    }

    func starts(with other: JournalPath) -> Bool { steps.starts(with: other.steps) }
}
