// SPDX-License-Identifier: Apache-2.0

extension RecordedRun {
    /// The run up to what failed, where that is what it ended with: a model or a server that gave no answer, and nothing but reads
    /// behind it. The failure is what the run is resumed for: it is asked again.
    ///
    /// - Returns: `nil` when there is nothing to ask again.
    package func reopened() -> RecordedRun? {
        guard info.status == .failed else { return nil }
        let leaves = records.filter { !$0.isGroup }
        guard let failed = leaves.last(where: { $0.outcome?.isFailure == true && $0.effect == .read }),
            leaves.allSatisfy({ $0.number <= failed.number || $0.effect == .read })
        else { return nil }
        var run = self
        run.records.removeAll { $0.number > failed.number }
        for place in run.records.indices where failed.path.starts(with: run.records[place].path) {
            (run.records[place].outcome, run.records[place].ended) = (nil, nil)
        }
        // Another answer makes another order.
        run.schedule = []
        return run
    }
}
