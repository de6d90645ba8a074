// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import RunReports

@Suite struct TimelineLayoutTests {
    private static func run(_ steps: [(String, Int64, Int64?)]) -> RecordedRun {
        var info = RunInfo(id: "x")
        info.ended = 100
        return RecordedRun(
            info: info,
            records: steps.enumerated().map { place, step in
                JournalRecord(
                    number: place + 1, path: JournalPath(step.0) ?? JournalPath(), operation: "now", began: step.1,
                    ended: step.2, outcome: step.2 == nil ? nil : .init(1))
            })
    }

    @Test func whatWentOnAtTheSameTimeStandsSideBySide() {
        let layout = TimelineLayout(
            Self.run([("1", 0, 50), ("2", 10, 60), ("3", 50, 100), ("2.1", 20, 30), ("1.1", 5, 9)]))
        let lanes = Dictionary(uniqueKeysWithValues: layout.bars.map { ($0.record.number, $0.lane) })
        #expect(lanes == [1: 0, 5: 1, 3: 0, 2: 2, 4: 3])
        #expect(layout.lanes == 4)
    }

    @Test func sharesStayWithinTheWhole() {
        let layout = TimelineLayout(Self.run([("1", 0, 25), ("2", 75, nil), ("3", 100, 100)]))
        #expect(layout.bars.map(\.start) == [0, 0.75, 1])
        #expect(layout.bars.map(\.width) == [0.25, 0.25, 0])
    }

    @Test func hidesWhatNobodyCouldSee() {
        let layout = TimelineLayout(Self.run((1...100).map { ("\($0)", 0, 100) }))
        #expect(layout.lanes == 48)
        #expect(layout.hidden == 52)
    }

    @Test func aRunWithoutTimeIsDrawnAllTheSame() {
        var run = Self.run([("1", 5, 5)])
        (run.info.began, run.info.ended) = (5, 5)
        #expect(TimelineLayout(run).bars.count == 1)
    }
}
