// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The cases of an evaluation, all read and found valid before anything is asked.
struct EvalInput {
    /// Faults that are named one by one.
    private static let shownFaults = 50

    let cases: [EvalCase]
    /// How often each case is tried.
    let trials: [Int]
    /// The answers, when they were recorded.
    let recorded: RecordedSubject?
    /// What is to be said of recorded runs and cases that do not fit together.
    let notes: [String]

    /// - Throws: ``UsageError`` with every line that is wrong.
    init(sets: [String], recorded files: [String], options: EvalOptions) throws {
        let subject = try files.isEmpty ? nil : Self.recordings(files)
        var found =
            try sets.isEmpty ? Self.cases(of: subject?.runs ?? [], options) : Self.cases(in: sets, options.defaults)
        let all = found.count
        if !options.filter.isEmpty { found = found.filter { $0.fits(options.filters) } }
        if let limit = options.limit { found = Array(found.prefix(limit)) }
        guard !found.isEmpty else {
            throw UsageError(all == 0 ? "there are no cases" : "--filter leaves none of the \(all) cases")
        }
        var notes: [String] = []
        if let subject {
            let nameless = subject.runs.filter(\.input.isEmpty)
            if let first = nameless.first {
                let note =
                    "recorded runs that ended before anything was asked: \(nameless.count) (first \(first.place))"
                // Figures without them would be better than the runs were.
                guard try options.gates().isEmpty else { throw UsageError(note + "; gates cannot hold without them") }
                notes.append(note)
            }
            let unmatched = sets.isEmpty ? [] : subject.subject.unmatched(by: found).filter { !$0.input.isEmpty }
            let unasked = found.filter { subject.subject.count(of: $0) == 0 }
            if !unmatched.isEmpty {
                notes.append(
                    "recorded runs that ask none of the cases: \(unmatched.count) (first \(unmatched[0].place))")
            }
            if !unasked.isEmpty {
                notes.append("cases that no recorded run asks: \(unasked.count) (first \(unasked[0].id))")
            }
            found = found.filter { subject.subject.count(of: $0) > 0 }
            if found.isEmpty { throw UsageError("none of the recorded runs asks one of the cases") }
        }
        cases = found.sharingLabels()
        trials = found.map { subject?.subject.count(of: $0) ?? options.repeats }
        recorded = subject?.subject
        self.notes = notes
    }

    /// What `--dry-run` says.
    var summary: String {
        var counts: [(name: String, count: Int)] = []
        for name in cases.flatMap({ $0.checks.map(\.name) }) {
            if let index = counts.firstIndex(where: { $0.name == name }) {
                counts[index].count += 1
            } else {
                counts.append((name, 1))
            }
        }
        let sets = Dictionary(grouping: cases, by: \.set).map { "\($0.key) \($0.value.count)" }.sorted().joined(
            separator: ", ")
        let checks = counts.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        return Printable.escaped(
            "\(cases.count) cases (\(sets)), \(trials.reduce(0, +)) tries, held to: \(checks); nothing was sent\n")
    }

    var needsJudge: Bool { cases.contains { $0.checks.contains { $0.name == EvalCheck.Name.judge.rawValue } } }

    // MARK: - Files

    private static func cases(in sets: [String], _ defaults: CheckDefaults) throws -> [EvalCase] {
        var reader = EvalCaseReader(defaults: defaults)
        for set in sets {
            reader.begin(file: set)
            try JSONLinesFile(set).forEachLine { reader.read($0) }
        }
        guard reader.faults.isEmpty else {
            let rest = reader.faults.count - shownFaults
            let lines = reader.faults.prefix(shownFaults).map(\.description) + (rest > 0 ? ["… and \(rest) more"] : [])
            throw UsageError("nothing was sent:\n" + lines.joined(separator: "\n"))
        }
        return reader.cases
    }

    private static func recordings(_ files: [String]) throws -> (runs: [RecordedReply], subject: RecordedSubject) {
        var runs: [RecordedReply] = []
        for file in files {
            for (place, run) in try DatasetExportCommand.runs(in: file) {
                guard case .success(let value) = run, let recorded = RecordedReply(value, place: place) else {
                    throw UsageError("\(place): expected a recorded run, as agent run --json or --jsonl prints it")
                }
                runs.append(recorded)
            }
        }
        return (runs, RecordedSubject(runs, name: files.joined(separator: " ")))
    }

    /// Recorded runs as cases of their own, one for each question that was asked.
    private static func cases(of runs: [RecordedReply], _ options: EvalOptions) throws -> [EvalCase] {
        guard let rubric = options.rubric else {
            throw UsageError("recorded runs without a set have nothing to be held to: add --rubric, or name a set")
        }
        var seen: Set<[String]> = []
        return runs.compactMap { run in
            guard !run.input.isEmpty, seen.insert(RecordedReply.key(of: run.input)).inserted else { return nil }
            return EvalCase(
                id: run.place, place: run.place, input: run.input, set: "recorded",
                checks: [EvalCheck(.judge(Rubric(rubric)))])
        }
    }
}
