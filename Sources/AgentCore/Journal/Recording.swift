// SPDX-License-Identifier: Apache-2.0

/// The records that a run may be answered from, each once.
struct Recording {
    let schedule: [ScheduleStep]
    let lastNumber: Int
    private var byPath: [JournalPath: JournalRecord] = [:]
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
        for record in kept { byPath[record.path] = record }
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
    func starts(with other: JournalPath) -> Bool { steps.starts(with: other.steps) }
}
